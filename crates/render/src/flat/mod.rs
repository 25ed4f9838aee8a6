//! Pages written out flat before they are compiled.
//!
//! The engine keeps books for each block, include and macro it enters, which costs a request more than
//! what they print. So a page is compiled as one text: its layouts with its blocks in their places, its
//! includes, and its calls of macros wherever the whole `{{ … }}` is one call. What cannot be written
//! out (a layout chosen at run time, a macro inside an expression) stays as it is; then the sentences of each
//! language are. A test draws every sample both ways.

use std::collections::BTreeMap;

mod expression;
mod inherit;
mod macros;
mod pieces;
mod sentences;
mod slim;

use macros::Modules;
use pieces::Piece;
pub(crate) use sentences::write_out as write_sentences_out;

/// Replaces pages, fragments and mails by their flat texts and lets them import no macro that they do not call. Mails
/// are drawn by nobody who waits, but each block is a program of its own to the engine, with room for 256 instructions.
pub(crate) fn flatten(sources: &mut BTreeMap<String, String>) {
    let modules = Modules::read(sources);
    let written: Vec<(String, String)> = sources
        .keys()
        .filter(|name| ["pages/", "fragments/", "mails/"].iter().any(|room| name.starts_with(room)))
        .filter_map(|name| Some((name.clone(), flat(sources, &modules, name)?)))
        .collect();
    slim::slim(sources, written);
}

fn flat(sources: &BTreeMap<String, String>, modules: &Modules, name: &str) -> Option<String> {
    let page = inherit::whole(sources, name)?;
    let page = modules.write_out(&page)?;
    Some(pieces::text(&page))
}

/// Encloses pieces in a scope of their own if they set names.
fn scoped(pieces: Vec<Piece>) -> Vec<Piece> {
    if !pieces.iter().any(|p| p.tag().is_some_and(|t| t.starts_with("set ") || t.starts_with("import "))) {
        return pieces;
    }
    let mut out = vec![Piece::Tag("with".into())];
    out.extend(pieces);
    out.push(Piece::Tag("endwith".into()));
    out
}
