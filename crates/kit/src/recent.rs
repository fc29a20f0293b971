//! The last few answers, each good only as long as nothing is written.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

/// A bounded memory of answers by the question they answer and the revision they were given at.
pub(crate) struct Recent<T> {
    held: Mutex<VecDeque<Held<T>>>,
    places: usize,
}

struct Held<T> {
    question: String,
    revision: i64,
    answer: Arc<T>,
}

impl<T> Recent<T> {
    /// Room for `places` answers.
    pub(crate) fn new(places: usize) -> Self {
        Self { held: Mutex::new(VecDeque::with_capacity(places)), places }
    }

    /// The answer to `question` when it was given at `revision`.
    pub(crate) fn get(&self, question: &str, revision: i64) -> Option<Arc<T>> {
        let held = self.held.lock().ok()?;
        held.iter()
            .find(|held| held.revision == revision && held.question == question)
            .map(|held| Arc::clone(&held.answer))
    }

    /// Keeps an answer, in the place of the oldest one when there is no other.
    pub(crate) fn put(&self, question: String, revision: i64, answer: Arc<T>) {
        let Ok(mut held) = self.held.lock() else { return };
        held.retain(|held| held.revision == revision && held.question != question);
        if held.len() >= self.places {
            held.pop_front();
        }
        held.push_back(Held { question, revision, answer });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_of_another_revision_is_not_given() {
        let recent = Recent::new(2);
        recent.put(String::from("q"), 1, Arc::new(10));
        assert_eq!(recent.get("q", 1).as_deref(), Some(&10));
        assert_eq!(recent.get("q", 2), None);
    }

    #[test]
    fn the_oldest_answer_gives_way() {
        let recent = Recent::new(2);
        for question in ["a", "b", "c"] {
            recent.put(String::from(question), 1, Arc::new(question));
        }
        assert_eq!(recent.get("a", 1), None);
        assert!(recent.get("b", 1).is_some() && recent.get("c", 1).is_some());
    }
}
