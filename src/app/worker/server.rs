//! The worker's side: waits for requests, lets the engine answer.

use std::cell::RefCell;
use std::pin::pin;
use std::rc::Rc;

use futures_util::stream::{self, StreamExt};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{DedicatedWorkerGlobalScope, File, MessageEvent, MessageEventInit};

use crate::engine::{Engine, Event, Failure, FailureKind, Request, Stage};
use crate::formats::Source;
use crate::language::Said;

use super::message::{decode, encode, unpack};
use super::source::{Ahead, BlobSource};

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
    // Of the files of the request that is dispatched once more.
    let read: Rc<RefCell<Option<Vec<Ahead>>>> = Rc::default();
    let listener = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
        let scope = answers.clone();
        let mut emit = |event: Event| send(&scope, &event);
        let ahead = read.take();
        let request = unpack(&message.data())
            .and_then(|(buffer, files)| Ok((decode::<Request>(&buffer)?, files)));
        match request {
            Ok((Request::Open { .. }, files)) if ahead.is_none() => {
                let (scope, read) = (scope.clone(), Rc::clone(&read));
                spawn_local(async move {
                    let ahead = read_ahead(&files, &scope).await;
                    read.replace(Some(ahead));
                    again(&scope, &message.data());
                });
            }
            Ok((request, files)) => match open(files, ahead.unwrap_or_default()) {
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

/// Bytes of files that stay in memory: some series of small images. What is beyond is read from the files.
const STAYING: f64 = 268_435_456.0;

/// Files that are read at a time, where all of them stay: while one comes from the browser's own process or is hashed, others can.
const AT_A_TIME: usize = 8;

async fn read_ahead(files: &[File], scope: &DedicatedWorkerGlobalScope) -> Vec<Ahead> {
    // There is none where a page came neither encrypted nor from this computer.
    let subtle = scope.crypto().map(|crypto| crypto.subtle()).ok();
    let subtle = subtle.filter(|subtle| !subtle.is_undefined());
    let all_stay = files.iter().map(|file| file.size()).sum::<f64>() <= STAYING;
    let mut left = STAYING;
    let reading = stream::iter(files).map(|file| {
        let stays = file.size() <= left;
        if stays {
            left -= file.size();
        }
        // What an archive holds is hashed, not the archive.
        let archive = file.name().to_ascii_lowercase().ends_with(".zip");
        Ahead::of(file, stays, subtle.as_ref().filter(|_| !archive))
    });
    let mut reading = pin!(reading.buffered(if all_stay { AT_A_TIME } else { 1 }));
    let mut ahead = Vec::with_capacity(files.len());
    loop {
        let progress = Event::Progress {
            id: 0,
            stage: Stage::Reading,
            done: ahead.len(),
            total: files.len(),
        };
        send(scope, &progress);
        match reading.next().await {
            Some(read) => ahead.push(read),
            None => return ahead,
        }
    }
}

/// Lets the listener have a message once more: in an event of its own, so that a crash is seen as one of any other message is.
fn again(scope: &DedicatedWorkerGlobalScope, data: &JsValue) {
    let with = MessageEventInit::new();
    with.set_data(data);
    if let Ok(event) = MessageEvent::new_with_event_init_dict("message", &with) {
        let _ = scope.dispatch_event(&event);
    }
}

fn open(files: Vec<File>, ahead: Vec<Ahead>) -> Result<Vec<Rc<dyn Source>>, Failure> {
    let mut ahead = ahead.into_iter();
    files
        .into_iter()
        .map(|file| {
            let name = file.name();
            match BlobSource::new(file.into(), ahead.next().unwrap_or_default()) {
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
