//! The worker's side: waits for requests, lets the engine answer.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{DedicatedWorkerGlobalScope, File, MessageEvent};

use crate::engine::{Engine, Event, Failure, FailureKind, Request};
use crate::formats::Source;
use crate::language::Said;

use super::message::{decode, encode, unpack};
use super::source::BlobSource;

/// From now on the reason of a crash goes to the page, as plain text: the only message that is not an event.
pub fn tell_panics(scope: &DedicatedWorkerGlobalScope) {
    let voice = scope.clone();
    std::panic::set_hook(Box::new(move |info| {
        let _ = voice.post_message(&info.to_string().into());
    }));
}

/// Starts answering. Called once, when the program finds itself in a worker.
pub fn serve(scope: DedicatedWorkerGlobalScope) {
    tell_panics(&scope);
    super::apart::use_hdf5_reader();
    let engine = Rc::new(RefCell::new(Engine::new()));
    let answers = scope.clone();
    let listener = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
        let scope = answers.clone();
        let mut emit = move |event: Event| send(&scope, &event);
        let request = unpack(&message.data())
            .and_then(|(buffer, files)| Ok((decode::<Request>(&buffer)?, files)));
        match request {
            Ok((request, files)) => match open(files) {
                Ok(sources) => engine.borrow_mut().handle(request, sources, &mut emit),
                Err(failure) => emit(Event::Failed(failure)),
            },
            Err(error) => emit(Event::Failed(Failure::new(
                FailureKind::Request,
                &error,
                &String::new,
            ))),
        }
    });
    scope.set_onmessage(Some(listener.as_ref().unchecked_ref()));
    listener.forget();
    send(
        &scope,
        &Event::Hello {
            build: super::super::build(),
        },
    );
}

fn open(files: Vec<File>) -> Result<Vec<Rc<dyn Source>>, Failure> {
    files
        .into_iter()
        .map(|file| {
            let name = file.name();
            match BlobSource::new(file.into()) {
                Ok(source) => Ok(Rc::new(source) as Rc<dyn Source>),
                Err(error) => Err(Failure {
                    kind: FailureKind::Access,
                    chain: vec![Said::name(name), Said::name(error.to_string())],
                    remedy: Said::default(),
                }),
            }
        })
        .collect()
}

fn send(scope: &DedicatedWorkerGlobalScope, event: &Event) {
    if let Ok(buffer) = encode(event) {
        let transfer = js_sys::Array::of1(&buffer);
        let _ = scope.post_message_with_transfer(&buffer, &transfer);
    }
}
