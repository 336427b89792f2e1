//! A producer of columns, which knows of the interface what its specification says.

use crate::{Array, Schema};
use pennyweight::record::{ArrowArray, ArrowSchema};
use std::ffi::{CString, c_void};
use std::ptr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A column, and what it is said to be.
#[derive(Clone, Default)]
pub(crate) struct Column {
    pub(crate) name: &'static str,
    pub(crate) format: &'static str,
    pub(crate) length: i64,
    pub(crate) null_count: i64,
    pub(crate) offset: i64,
    /// None are null pointers. Each is exactly as long as it says.
    pub(crate) buffers: Vec<Option<Vec<u8>>>,
    pub(crate) children: Vec<Column>,
    pub(crate) dictionary: Option<Box<Column>>,
    /// Columns of the array that are said to be somebody else's by now.
    pub(crate) is_taken: bool,
    /// How far the buffers are off from where their values would be aligned.
    pub(crate) skew: usize,
}

/// How often structures were released.
#[derive(Clone, Debug, Default)]
pub(crate) struct Released(Arc<AtomicUsize>);

impl Released {
    pub(crate) fn count(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }

    pub(crate) fn count_one(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// What a structure owns.
struct Parts<T> {
    released: Released,
    children: Vec<*mut T>,
    dictionary: *mut T,
    _texts: [CString; 2],
    _buffers: Vec<Option<Box<[u8]>>>,
    pointers: Vec<*const c_void>,
}

/// The bytes of numbers.
pub(crate) fn bytes<T: bytemuck::NoUninit>(values: &[T]) -> Option<Vec<u8>> {
    Some(bytemuck::cast_slice(values).to_vec())
}

impl Column {
    pub(crate) fn new(format: &'static str, len: usize, buffers: Vec<Option<Vec<u8>>>) -> Self {
        Self { format, length: len as i64, buffers, ..Self::default() }
    }

    pub(crate) fn numbers<T: bytemuck::NoUninit>(format: &'static str, values: &[T]) -> Self {
        Self::new(format, values.len(), vec![None, bytes(values)])
    }

    pub(crate) fn texts(texts: &[&str]) -> Self {
        let mut ends = vec![0_i32];
        ends.extend(texts.iter().scan(0, |end, text| {
            *end += text.len() as i32;
            Some(*end)
        }));
        let text = texts.concat().into_bytes();
        Self::new("u", texts.len(), vec![None, bytes(&ends), Some(text)])
    }

    pub(crate) fn records(len: usize, children: Vec<Self>) -> Self {
        Self { children, ..Self::new("+s", len, vec![None]) }
    }

    pub(crate) fn named(self, name: &'static str) -> Self {
        Self { name, ..self }
    }

    pub(crate) fn with_nulls(mut self, bits: &[u8]) -> Self {
        self.null_count = -1;
        self.buffers[0] = Some(bits.to_vec());
        self
    }

    /// The rows from here on.
    pub(crate) fn slice(mut self, offset: i64, length: i64) -> Self {
        self.offset += offset;
        self.length = length;
        self
    }

    pub(crate) fn numbering(self, dictionary: Self) -> Self {
        Self { dictionary: Some(dictionary.into()), ..self }
    }

    /// Buffers that begin `skew` bytes behind where they would be aligned.
    pub(crate) fn skewed(mut self, skew: usize) -> Self {
        self.skew = skew;
        self.children = self.children.into_iter().map(|child| child.skewed(skew)).collect();
        self.dictionary = self.dictionary.map(|column| Box::new(column.skewed(skew)));
        self
    }

    /// How many structures its schema and its array are.
    pub(crate) fn structures(&self) -> usize {
        let parts = self.children.iter().chain(self.dictionary.as_deref());
        2 + parts.map(Self::structures).sum::<usize>()
    }

    pub(crate) fn hand_over(&self, released: &Released) -> (ArrowSchema, ArrowArray) {
        let (mut schema, mut array) = (self.schema(released), self.array(released));
        // SAFETY: it is a schema as the specification has it.
        let schema = unsafe { ArrowSchema::from_raw((&raw mut schema).cast()) };
        // SAFETY: as above.
        (schema, unsafe { ArrowArray::from_raw((&raw mut array).cast()) })
    }

    pub(crate) fn schema(&self, released: &Released) -> Schema {
        let texts = [self.format, self.name].map(|text| CString::new(text).unwrap());
        let [format, name] = [0, 1].map(|index: usize| texts[index].as_ptr());
        let children = self.children.iter().map(|child| child.schema(released));
        let mut parts = Parts::new(
            released,
            children,
            self.dictionary.as_ref().map(|column| column.schema(released)),
        );
        parts._texts = texts;
        let (n_children, children) = (parts.children.len() as i64, parts.children.as_mut_ptr());
        let dictionary = parts.dictionary;
        Schema {
            format,
            name,
            metadata: ptr::null(),
            flags: 2,
            n_children,
            children,
            dictionary,
            release: Some(release_schema),
            private_data: Box::into_raw(parts).cast(),
        }
    }

    pub(crate) fn array(&self, released: &Released) -> Array {
        let children = self.children.iter().map(|child| child.array(released));
        let mut parts = Parts::new(
            released,
            children,
            self.dictionary.as_ref().map(|column| column.array(released)),
        );
        for bytes in &self.buffers {
            // One allocation that ends where the buffer does.
            let bytes = bytes
                .as_ref()
                .map(|bytes| [&[0; 7][..self.skew], bytes].concat().into_boxed_slice());
            let skew = self.skew;
            let start = |bytes: &[u8]| bytes[skew..].as_ptr().cast();
            parts.pointers.push(bytes.as_deref().map_or(ptr::null(), start));
            parts._buffers.push(bytes);
        }
        let (n_children, children) = (parts.children.len() as i64, parts.children.as_mut_ptr());
        let (n_buffers, buffers) = (parts.pointers.len() as i64, parts.pointers.as_mut_ptr());
        let dictionary = parts.dictionary;
        let array = Array {
            length: self.length,
            null_count: self.null_count,
            offset: self.offset,
            n_buffers,
            n_children,
            buffers,
            children,
            dictionary,
            release: Some(release_array),
            private_data: Box::into_raw(parts).cast(),
        };
        if !self.is_taken {
            return array;
        }
        let mut array = array;
        // SAFETY: the array has just been made.
        unsafe { release_array(&raw mut array) };
        array
    }
}

impl<T> Parts<T> {
    fn new(
        released: &Released,
        children: impl Iterator<Item = T>,
        dictionary: Option<T>,
    ) -> Box<Self> {
        let raw = |structure| Box::into_raw(Box::new(structure));
        Box::new(Self {
            released: released.clone(),
            children: children.map(raw).collect(),
            dictionary: dictionary.map_or(ptr::null_mut(), raw),
            _texts: Default::default(),
            _buffers: Vec::new(),
            pointers: Vec::new(),
        })
    }
}

/// Releases a structure and what it has, unless that was released before.
macro_rules! release {
    ($($release:ident $structure:ident),*) => {$(
        unsafe extern "C" fn $release(structure: *mut $structure) {
            // SAFETY: who releases has the structure.
            let structure = unsafe { &mut *structure };
            assert!(structure.release.take().is_some());
            // SAFETY: it was made of such a box.
            let parts = unsafe { Box::from_raw(structure.private_data.cast::<Parts<$structure>>()) };
            for &child in parts.children.iter().chain([&parts.dictionary]).filter(|child| !child.is_null()) {
                // SAFETY: it was made of such a box.
                let mut child = unsafe { Box::from_raw(child) };
                if let Some(release) = child.release {
                    // SAFETY: it was not released.
                    unsafe { release(&raw mut *child) };
                }
            }
            parts.released.count_one();
        }
    )*};
}

release!(release_schema Schema, release_array Array);
