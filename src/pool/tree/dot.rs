//! Forests as pictures.

use super::Tree;
use crate::pool::slab::{Key, Link};
use crate::raw::dot::Dot;
use alloc::string::String;
use core::fmt::{self, Display};

impl<T, H: Key> Tree<T, H> {
    /// The forest in the DOT language, with the values as labels: `dot -Tsvg` of Graphviz draws it.
    ///
    /// ```
    /// use pennyweight::pool::Tree;
    ///
    /// let mut words = Tree::new();
    /// let animal = words.insert_root("animal");
    /// words.append(animal, "\"cat\"");
    /// assert_eq!(words.to_dot(), r#"digraph {
    ///     node [shape=box];
    ///     n0 [label="animal"];
    ///     n1 [label="\"cat\""];
    ///     n0 -> n1;
    /// }
    /// "#);
    /// ```
    ///
    /// # Panics
    ///
    /// If the [`Display`] of a value has an error.
    #[must_use]
    pub fn to_dot(&self) -> String
    where
        T: Display,
    {
        let mut out = String::new();
        self.write_dot(&mut out, |_, value| value).expect("a value is displayed without an error");
        out
    }

    /// Writes the forest in the DOT language, with labels that a closure makes.
    ///
    /// # Errors
    ///
    /// If the writer has one, or a label.
    pub fn write_dot<'t, L: Display>(
        &'t self,
        out: impl fmt::Write,
        mut label: impl FnMut(H, &'t T) -> L,
    ) -> fmt::Result {
        let mut dot = Dot::begin(out)?;
        let mut left = self.roots();
        while let Some(root) = left.next_link() {
            let mut left = self.preorder_of(root);
            while let Some(node) = left.next_link() {
                dot.node(node.index(), label(self.key(node), self.value(node)))?;
                let parent = self.links(node).parent;
                if parent != Link::NONE {
                    dot.edge(parent.index(), node.index())?;
                }
            }
        }
        dot.end()
    }
}
