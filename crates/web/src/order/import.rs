//! The rows of an order out of a CSV file: uploaded, or pasted where no file can be chosen.

use app::{
    Problem,
    use_cases::orders::{
        import_rows::{CellFault, Imported, import_rows},
        import_sheet::{COLUMNS, MAX_BYTES, ORDER, Text, text},
    },
};
use axum::{
    http::{HeaderMap, header},
    response::IntoResponse,
};
use domain::order::cart::{MAX_QUANTITY, Step};
use render::{
    Form, Msg, Tone,
    pages::wizard::{Import, ImportFault},
};

use super::{Open, open, path, side};
use crate::{
    Answer, Customer,
    answer::{mendable, with_problem},
    form::FormData,
    upload::Upload,
};

pub(super) async fn show(customer: Customer, headers: HeaderMap) -> Answer {
    let open = open(&customer, &headers).await?;
    page(&customer, &open, Form::new(), vec![]).await
}

/// An example of each sort of line, as a spreadsheet opens it.
pub(super) async fn template(_: Customer) -> Answer {
    let lines = [
        COLUMNS.join(";"),
        "contratti;pec.example.it;;;;;;;;;;;io@example.org;;;;".into(),
        "anna.rossi;pec.example.it;persona fisica;RSSNNA90E47Z110T;;Anna;Rossi;;Via dei Serpenti 12;00184;Roma;RM;anna@example.org;333 1234567;;;".into(),
        "officine;pec.example.it;azienda;00743110157;00743110157;Mario;Rossi;Officine Rossi S.r.l.;Via Appia Nuova 30;00183;Roma;RM;officine@example.org;06 1234567;RSSMRA80A01H501U;ABC1234;".into(),
    ];
    let body = format!("\u{feff}{}\r\n", lines.join("\r\n"));
    let kind = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"caselle-modello.csv\""),
    ];
    Ok((kind, body).into_response())
}

pub(super) async fn lines(customer: Customer, headers: HeaderMap, form: FormData) -> Answer {
    let open = open(&customer, &headers).await?;
    take(&customer, &open, text(form.raw("lines").as_bytes(), &ORDER), form.raw("lines")).await
}

pub(super) async fn file(customer: Customer, headers: HeaderMap, upload: Upload) -> Answer {
    let open = open(&customer, &headers).await?;
    if upload.file.is_empty() {
        let form = Form::new().with_error("file", Msg::problem("import-file-missing"));
        return page(&customer, &open, form, vec![]).await;
    }
    let read = text(&upload.file, &ORDER);
    let typed = read.as_ref().map_or(String::new(), |t| t.text.clone());
    take(&customer, &open, read, &typed).await
}

async fn take(customer: &Customer, open: &Open, read: Result<Text, Problem>, typed: &str) -> Answer {
    let shown = Form::new().with("lines", typed);
    let done = match read {
        Ok(read) => import_rows(&customer.visit.cx, &open.token, &read.text).await,
        Err(problem) => Err(problem),
    };
    match done {
        Ok(Imported::Saved { mailboxes, .. }) => {
            let said = Msg::new("import-done").arg("count", mailboxes as i64);
            customer.visit.go_saying(path(Step::Review), Tone::Ok, said)
        }
        Ok(Imported::Refused(faults)) => {
            let count = Msg::problem("import-faults").arg("count", faults.len() as i64);
            page(customer, open, shown.with_error("lines", count), faults).await
        }
        Err(problem) if mendable(&problem) => page(customer, open, with_problem(shown, &problem), vec![]).await,
        Err(problem) => Err(problem.into()),
    }
}

async fn page(customer: &Customer, open: &Open, form: Form, faults: Vec<CellFault>) -> Answer {
    let words = |f: &CellFault| {
        f.problem.args.iter().fold(Msg::problem(&f.problem.code), |m, (name, value)| m.arg(name, value.clone()))
    };
    let faults = faults
        .into_iter()
        .map(|f| ImportFault { line: f.line as i64, column: f.column.into(), words: words(&f), value: f.value })
        .collect();
    customer.visit.page(&Import {
        columns: COLUMNS.map(Into::into).into(),
        faults,
        max_rows: MAX_QUANTITY,
        max_kib: (MAX_BYTES / 1024) as i64,
        side: side(customer, &open.cart).await?,
        form,
    })
}
