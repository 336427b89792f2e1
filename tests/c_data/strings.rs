//! Strings of columns that others hand over, and what is made of them.

use crate::import::read;
use crate::producer::{Column, bytes};
use pennyweight::record::{Category, Record, Records};
use std::cell::Cell;
use std::sync::Arc;

#[derive(Record, Clone, Debug, Default, PartialEq)]
pub(crate) struct Words {
    #[record(dict)]
    pub(crate) dict: Option<String>,
    #[record(text)]
    pub(crate) text: Option<String>,
    pub(crate) plain: Option<String>,
}

#[test]
fn strings_are_read_however_they_are_held() {
    let texts = ["", "short", "of twelve by", "more than twelve bytes: ß", "short"];
    let long = {
        let Column { buffers, .. } = Column::texts(&texts);
        let ends: Vec<i64> = bytemuck::pod_collect_to_vec::<u8, i32>(buffers[1].as_ref().unwrap())
            .into_iter()
            .map(i64::from)
            .collect();
        Column::new("U", 5, vec![None, bytes(&ends), buffers[2].clone()])
    };
    let views = {
        let mut views = Vec::new();
        let aside = [b"..".as_slice(), texts[3].as_bytes()].concat();
        for text in texts {
            let mut view = (text.len() as i32).to_ne_bytes().to_vec();
            if text.len() <= 12 {
                view.extend(text.as_bytes());
            } else {
                view.extend(&text.as_bytes()[..4]);
                view.extend(bytemuck::cast_slice(&[1_i32, 2]));
            }
            view.resize(16, 0);
            views.extend(view);
        }
        let lens = bytes(&[0_i64, aside.len() as i64]);
        Column::new("vu", 5, vec![None, Some(views), None, Some(aside), lens])
    };
    let mut ways = vec![Column::texts(&texts), long, views];
    for way in ways.clone() {
        let keys: [(&str, Option<Vec<u8>>); 8] = [
            ("c", bytes(&[0_i8, 1, 2, 3, 1])),
            ("C", bytes(&[0_u8, 1, 2, 3, 1])),
            ("s", bytes(&[0_i16, 1, 2, 3, 1])),
            ("S", bytes(&[0_u16, 1, 2, 3, 1])),
            ("i", bytes(&[0_i32, 1, 2, 3, 1])),
            ("I", bytes(&[0_u32, 1, 2, 3, 1])),
            ("l", bytes(&[0_i64, 1, 2, 3, 1])),
            ("L", bytes(&[0_u64, 1, 2, 3, 1])),
        ];
        ways.extend(
            keys.map(|(format, keys)| {
                Column::new(format, 5, vec![None, keys]).numbering(way.clone())
            }),
        );
    }
    for way in ways {
        let columns = ["dict", "text", "plain"].map(|name| way.clone().named(name));
        let words = read::<Words>(&Column::records(5, columns.into())).unwrap();
        assert!(words.columns().dict().iter().eq(texts.map(Some)), "{}", way.format);
        assert!(words.columns().text().iter().eq(texts.map(Some)));
        assert!(
            words.columns().plain().iter().map(|text| text.map(String::as_str)).eq(texts.map(Some))
        );
    }
}

#[test]
fn what_lies_below_a_null_is_not_looked_at() {
    // A key of no string, text that is none, and offsets that lead nowhere.
    let dict = Column::numbers("c", &[0_i8, -7, 1, 99]).with_nulls(&[0b0101]);
    let dict = dict.numbering(Column::texts(&["a", "b"]));
    let mut text = Column::texts(&["a", "??", "b", ""]).with_nulls(&[0b0101]);
    text.buffers[2] = Some(b"a\xff\xffb".to_vec());
    let views = bytes(&[[1_u32, 97, 0, 0], [99, 0, 7, 7], [1, 98, 0, 0], [u32::MAX, 0, 0, 0]]);
    let views = Column::new("vu", 4, vec![None, views, bytes::<i64>(&[])]).with_nulls(&[0b0101]);
    let columns = vec![dict.named("dict"), text.named("text"), views.named("plain")];
    let words = read::<Words>(&Column::records(4, columns)).unwrap();
    let expected = [Some("a"), None, Some("b"), None];
    assert!(words.columns().dict().iter().eq(expected));
    assert!(words.columns().text().iter().eq(expected));
    assert!(words.columns().plain().iter().map(|text| text.map(String::as_str)).eq(expected));
}

#[test]
fn a_null_in_a_dictionary_is_a_null() {
    let words = Column::texts(&["a", "", "c"]).with_nulls(&[0b101]);
    let keys = Column::numbers("C", &[0_u8, 1, 2, 1, 2]).with_nulls(&[0b01111]);
    let coded = keys.numbering(words);
    let columns = ["dict", "text", "plain"].map(|name| coded.clone().named(name));
    let read_words = read::<Words>(&Column::records(5, columns.into())).unwrap();
    let expected = [Some("a"), None, Some("c"), None, None];
    assert!(read_words.columns().dict().iter().eq(expected));
    assert!(read_words.columns().text().iter().eq(expected));

    #[derive(Record, Debug)]
    struct Word {
        #[record(dict)]
        dict: String,
    }
    let column = Column { null_count: 0, ..coded }.named("dict");
    let error = read::<Word>(&Column::records(5, vec![column])).unwrap_err();
    assert_eq!(error.to_string(), "column `dict`, row 1: the value is null");
}

thread_local! {
    static LOOKED_AT: Cell<usize> = const { Cell::new(0) };
}

/// Counts the names that are looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Digit(u8);

impl Category for Digit {
    const NAMES: &'static [&'static str] = &["zero", "one", "two"];

    fn number(self) -> usize {
        self.0.into()
    }

    fn from_number(number: usize) -> Option<Self> {
        u8::try_from(number).ok().map(Self)
    }

    fn from_name(name: &str) -> Option<Self> {
        LOOKED_AT.set(LOOKED_AT.get() + 1);
        Self::NAMES.iter().position(|known| *known == name).and_then(Self::from_number)
    }
}

#[test]
fn a_name_of_a_dictionary_is_looked_at_once_where_rows_have_it() {
    #[derive(Record, Debug)]
    struct Digits {
        #[record(copy)]
        digit: Digit,
        maybe: Option<Digit>,
    }
    let names = Column::texts(&["two", "nobody's", "zero", "", "one"]).with_nulls(&[0b10111]);
    let coded = |keys: &[u8]| Column::numbers("C", keys).numbering(names.clone());
    let read = |digits: Column, maybe: Column| {
        LOOKED_AT.set(0);
        let len = digits.length as usize;
        read::<Digits>(&Column::records(len, vec![digits.named("digit"), maybe.named("maybe")]))
    };
    let digits = read(coded(&[0, 4, 4, 2, 0, 4]), coded(&[2, 3, 2, 3, 0, 2])).unwrap();
    assert_eq!(digits.columns().digit(), [2, 1, 1, 0, 2, 1].map(Digit));
    let maybe = digits.columns().maybe().iter().map(|digit| digit.map(|digit| digit.0));
    assert!(maybe.eq([Some(0), None, Some(0), None, Some(2), Some(0)]));
    assert_eq!(LOOKED_AT.get(), 3 + 2);

    // More names than rows: those behind as many are looked for in each.
    let digits = read(coded(&[4, 0, 4]), coded(&[0, 0, 4])).unwrap();
    assert_eq!(digits.columns().digit(), [1, 2, 1].map(Digit));
    assert_eq!(LOOKED_AT.get(), 3 + 2);

    let error = read(coded(&[0, 2, 1, 1]), coded(&[0; 4])).unwrap_err();
    assert_eq!(error.to_string(), "column `digit`, row 2: the value is none of the field's type");
    let error = read(coded(&[0; 4]), coded(&[0, 3, 3, 5])).unwrap_err();
    assert_eq!(
        error.to_string(),
        "column `maybe`, row 3: it is numbered as none of the dictionary"
    );
    let error = read(coded(&[0, 0, 0, 3]), coded(&[0; 4])).unwrap_err();
    assert_eq!(error.to_string(), "column `digit`, row 3: the value is null");

    let plain = Column::texts(&["two", "two", "zero"]);
    let digits = read(plain.clone(), plain).unwrap();
    assert_eq!(digits.columns().digit(), [2, 2, 0].map(Digit));
    // Names go out without a look at them.
    LOOKED_AT.set(0);
    let (schema, array) = Arc::new(digits).to_c_data();
    assert_eq!(LOOKED_AT.get(), 0);
    // SAFETY: both come from `to_c_data`.
    let back = unsafe { Records::<Digits>::from_c_data(schema, array) }.unwrap();
    assert_eq!(back[2].maybe(), Some(&Digit(0)));
    let nameless = Digits { digit: Digit(3), maybe: None };
    let nameless: Arc<Records<Digits>> = Arc::new([nameless].into_iter().collect());
    assert!(std::panic::catch_unwind(|| nameless.to_c_data()).is_err());
}

#[test]
fn views_that_lead_nowhere_are_refused() {
    #[derive(Record, Debug)]
    struct Text {
        #[record(text)]
        text: String,
    }
    let view = |view: [i32; 4], lens: &[i64]| {
        let mut buffers = vec![None, bytes(&view)];
        buffers.extend(lens.iter().map(|&len| Some(vec![b'.'; len.max(0) as usize])));
        buffers.push(bytes(lens));
        let text = Column::new("vu", 1, buffers).named("text");
        read::<Text>(&Column::records(1, vec![text])).map(|texts| texts[0].text().to_owned())
    };
    assert_eq!(view([20, 0, 0, 10], &[30]).unwrap(), ".".repeat(20));
    let outside = "column `text`, row 0: an offset leads outside of the text";
    for (text, lens) in [
        ([20, 0, 0, 11], &[30][..]),
        ([20, 0, 1, 0], &[30]),
        ([20, 0, -1, 0], &[30]),
        ([20, 0, 0, -1], &[30]),
        ([i32::MAX, 0, 0, i32::MAX], &[30]),
        ([-1, 0, 0, 0], &[30]),
        ([13, 0, 0, 0], &[]),
    ] {
        assert_eq!(view(text, lens).unwrap_err().to_string(), outside, "{text:?}");
    }
    let error = view([1, 0, 0, 0], &[-1]).unwrap_err();
    assert_eq!(error.to_string(), "column `text`: a length or an offset is negative or too large");
}
