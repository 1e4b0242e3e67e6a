//! Undo: one step an edit, one step a drag, and none for what the program adds by itself.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

use alloyscope::project::{Change, History, Project, changes};

/// A document: what is edited, and what is found out.
type Document = (i32, Option<&'static str>);

fn edited(values: &[i32]) -> History<Document> {
    let mut history = History::new((0, None));
    for &value in values {
        history.edit(|d| d.0 = value);
    }
    history
}

#[test]
fn edits_are_undone_and_redone_one_by_one() {
    let mut history = edited(&[1, 2]);
    assert!(history.undo() && history.present().0 == 1);
    assert!(history.undo() && history.present().0 == 0);
    assert!(!history.undo() && history.present().0 == 0);
    assert!(history.redo() && history.redo() && !history.redo());
    assert_eq!(history.present().0, 2);
    history.undo();
    history.edit(|d| d.0 = 7);
    assert!(!history.can_redo(), "another edit ends the other future");
}

#[test]
fn an_edit_without_a_change_is_no_step() {
    assert!(!edited(&[0, 0]).can_undo());
}

#[test]
fn a_drag_is_one_step_and_can_be_given_up() {
    let mut history = edited(&[1]);
    history.begin();
    for value in 2..50 {
        history.edit(|d| d.0 = value);
    }
    history.commit();
    assert_eq!(history.present().0, 49);
    history.undo();
    assert_eq!(history.present().0, 1);
    history.begin();
    history.edit(|d| d.0 = 5);
    history.abort();
    assert!(history.present().0 == 1 && history.can_redo());
    // A drag is a step of its own: what lay ahead of it is gone.
    history.begin();
    history.edit(|d| d.0 = 5);
    assert!(!history.redo());
    history.undo();
    assert_eq!(history.present().0, 1);
}

#[test]
fn what_is_found_out_is_no_step_and_stays_in_all_of_them() {
    let mut history = edited(&[1, 2, 3]);
    history.undo();
    history.begin();
    history.amend(|d| d.1 = Some("found"));
    history.commit();
    assert!(
        history.can_redo(),
        "finding something out does not end the future"
    );
    for value in [1, 0] {
        assert!(history.undo());
        assert_eq!(*history.present(), (value, Some("found")));
    }
    while history.redo() {}
    assert_eq!(*history.present(), (3, Some("found")));
}

#[test]
fn the_history_can_be_walked_to_any_place() {
    let mut history = edited(&[1, 2, 3]);
    history.undo();
    let (states, place) = history.states();
    let values: Vec<i32> = states.iter().map(|d| d.0).collect();
    assert_eq!((values, place), (vec![0, 1, 2, 3], 2));
    history.go_to(0);
    assert_eq!(history.present().0, 0);
    history.go_to(3);
    assert_eq!((history.present().0, history.can_redo()), (3, false));
    history.go_to(99);
    assert_eq!(history.present().0, 3);
}

#[test]
fn a_step_says_what_it_changed() {
    let before = Project::default();
    let mut after = before.clone();
    after.model.confidence = 0.95;
    after.model.core = "Cu".into();
    let names = ["confidence".to_owned(), "core".to_owned()];
    assert_eq!(changes(&before, &after), [Change::Model(names.to_vec())]);
    assert!(changes(&before, &before).is_empty());
    after.phase.darken = true;
    assert_eq!(changes(&before, &after).len(), 2);
}
