//! Undo: snapshots of the document, a drag being one step.

/// Steps kept.
const CAPACITY: usize = 200;

/// A document with its past and future.
///
/// `begin`, `edit`…, `commit` bracket a drag: all edits in between are one step; a bracket without a change leaves none.
#[derive(Clone, Debug)]
pub struct History<T> {
    past: Vec<T>,
    present: T,
    future: Vec<T>,
    open: Option<T>,
}

impl<T: Clone + PartialEq> History<T> {
    /// A history that starts here.
    pub fn new(present: T) -> History<T> {
        History {
            past: Vec::new(),
            present,
            future: Vec::new(),
            open: None,
        }
    }

    /// The document as it stands.
    pub fn present(&self) -> &T {
        &self.present
    }

    /// Changes the document: one step, or part of the open bracket.
    pub fn edit(&mut self, change: impl FnOnce(&mut T)) {
        let before = self.present.clone();
        change(&mut self.present);
        if self.open.is_none() && self.present != before {
            self.record(before);
        }
    }

    /// Changes the document in all its states: for what the program finds out by itself, which is no step to be taken back.
    pub fn amend(&mut self, change: impl Fn(&mut T)) {
        let states = self.past.iter_mut().chain(&mut self.future);
        for state in states.chain(&mut self.open).chain([&mut self.present]) {
            change(state);
        }
    }

    /// Opens a bracket. A bracket already open stays open.
    pub fn begin(&mut self) {
        if self.open.is_none() {
            self.open = Some(self.present.clone());
        }
    }

    /// Closes the bracket: all its edits become one step.
    pub fn commit(&mut self) {
        if let Some(before) = self.open.take()
            && before != self.present
        {
            self.record(before);
        }
    }

    /// Closes the bracket and takes its edits back.
    pub fn abort(&mut self) {
        if let Some(before) = self.open.take() {
            self.present = before;
        }
    }

    /// One step back; false when there is none.
    pub fn undo(&mut self) -> bool {
        self.commit();
        match self.past.pop() {
            Some(before) => {
                self.future
                    .push(std::mem::replace(&mut self.present, before));
                true
            }
            None => false,
        }
    }

    /// One step forward again; false when there is none.
    pub fn redo(&mut self) -> bool {
        self.commit();
        match self.future.pop() {
            Some(after) => {
                self.past.push(std::mem::replace(&mut self.present, after));
                true
            }
            None => false,
        }
    }

    /// All states, the oldest first, and the place of the present one.
    pub fn states(&self) -> (Vec<&T>, usize) {
        let past = self.past.iter().chain([&self.present]);
        (
            past.chain(self.future.iter().rev()).collect(),
            self.past.len(),
        )
    }

    /// Steps back or forward to the state at a place in [`History::states`].
    pub fn go_to(&mut self, place: usize) {
        self.commit();
        while self.past.len() > place && self.undo() {}
        while self.past.len() < place && self.redo() {}
    }

    /// Whether a step back exists.
    pub fn can_undo(&self) -> bool {
        !self.past.is_empty()
            || self
                .open
                .as_ref()
                .is_some_and(|before| *before != self.present)
    }

    /// Whether a step forward exists.
    pub fn can_redo(&self) -> bool {
        !self.future.is_empty()
    }

    fn record(&mut self, before: T) {
        self.past.push(before);
        if self.past.len() > CAPACITY {
            self.past.remove(0);
        }
        self.future.clear();
    }
}
