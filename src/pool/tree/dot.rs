//! Forests as pictures.

use super::Tree;
use crate::pool::slab::{Bits, Key};
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
    #[must_use]
    pub fn to_dot(&self) -> String
    where
        T: Display,
    {
        let mut out = String::new();
        self.write_dot(&mut out, |_, value| value).expect("a string takes what a value writes");
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
        for node in self.roots().flat_map(|root| self.preorder(root)) {
            let number = node.handle().slot();
            dot.node(number, label(node, &self[node]))?;
            if let Some(parent) = self.parent(node) {
                dot.edge(parent.handle().slot(), number)?;
            }
        }
        dot.end()
    }
}
