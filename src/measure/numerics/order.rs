//! Lists in order.

use std::cmp::Ordering;

/// Sorts a list; what compares equal stays as it stands. It is for kinds of things that nothing else sorts.
///
/// The standard library's sort is compiled anew for each kind of thing, 4 kB each, which is a lot where all is downloaded before it runs.
/// Here places are sorted, by the same code for all kinds, and the things follow.
pub fn sort_by<T>(list: &mut Vec<T>, compare: impl Fn(&T, &T) -> Ordering) {
    let mut places: Vec<usize> = (0..list.len()).collect();
    let by_place = |a: usize, b: usize| match (list.get(a), list.get(b)) {
        (Some(a), Some(b)) => compare(a, b),
        _ => Ordering::Equal,
    };
    sort_places(&mut places, &by_place);
    let mut things: Vec<Option<T>> = list.drain(..).map(Some).collect();
    list.extend(
        places
            .into_iter()
            .filter_map(|at| things.get_mut(at)?.take()),
    );
}

fn sort_places(places: &mut [usize], compare: &dyn Fn(usize, usize) -> Ordering) {
    places.sort_by(|a, b| compare(*a, *b));
}
