//! The rows of an order out of a CSV file: all or none, whatever the file is.

use app::fixtures;
use axum::http::{Method, StatusCode};
use store::{args, sql};
use testkit::{
    TestApp,
    browser::{Browser, Page},
    builders,
};

use crate::people::signed_in;

sql!(HOLDERS = "SELECT COUNT(*) FROM holders WHERE party_id = $1", i64);

const HEAD: &str = "nome;dominio;tipo_titolare;codice_fiscale;nome_titolare;cognome_titolare;indirizzo;cap;comune;provincia;email;cellulare";
const ANNA: &str =
    "persona fisica;RSSNNA90E47Z110T;Anna;Rossi;Via dei Serpenti 12;00184;Roma;RM;anna@example.org;333 1234567";

async fn buyer(app: &TestApp) -> (builders::Customer, Browser) {
    fixtures::load_catalogue(&app.cx).await.unwrap();
    let customer = builders::customer(app, 100_800, "RSSMRA80A01H501U").await;
    let mut browser = signed_in(app, customer.login).await;
    let shop = browser.get("/").await;
    browser.submit(&shop, "/order/start", &[("plan", "standard"), ("quantity", "2")]).await;
    (customer, browser)
}

async fn paste(browser: &mut Browser, text: &str) -> Page {
    let page = browser.get("/order/import").await;
    browser.submit(&page, "/order/import/lines", &[("lines", text)]).await
}

/// Uploads a file as a browser does.
async fn upload(browser: &mut Browser, token: &str, bytes: &[u8]) -> Page {
    let part =
        |name: &str, rest: &str| format!("--XX\r\nContent-Disposition: form-data; name=\"{name}\"{rest}\r\n\r\n");
    let mut body = format!("{}{token}\r\n", part("csrf", "")).into_bytes();
    body.extend(part("file", "; filename=\"a.csv\"\r\nContent-Type: text/csv").bytes());
    body.extend(bytes);
    body.extend(b"\r\n--XX--\r\n");
    browser.send(Method::POST, "/order/import/file", Some("multipart/form-data; boundary=XX"), body).await
}

#[tokio::test]
async fn a_file_fills_names_holders_and_addresses() {
    let app = TestApp::new().await;
    let (customer, mut browser) = buyer(&app).await;
    let text = format!(
        "{HEAD}\r\nmia.casella;pec.example.it;;;;;;;;;io@example.org;\r\n\
         anna.una;pec.example.it;{ANNA}\r\n\"anna.due\";studi.pec.example.it;{ANNA}\r\n"
    );
    let page = browser.get("/order/import").await;
    let token = page.attrs("form[enctype] input[name=csrf]", "value")[0].clone();
    let bytes = [b"\xef\xbb\xbf".as_slice(), text.as_bytes()].concat();
    let answer = upload(&mut browser, &token, &bytes).await;
    assert_eq!(answer.redirect(), Some("/order/review"), "{}", answer.text());
    let review = browser.get("/order/review").await;
    review.must_have("3 caselle prese dall’elenco");
    for words in ["mia.casella@", "anna.una@", "anna.due@studi.", "Anna Rossi", "anna@example.org"] {
        review.must_have(words);
    }
    assert_eq!(app.cx.store().one(&HOLDERS, args![customer.party]).await.unwrap(), 1, "one person, one profile");
    // The second time she is known: by her code alone.
    let known = "nome,dominio,codice_fiscale,email\nanna.tre,pec.example.it,rssnna90e47z110t,a@example.org";
    paste(&mut browser, known).await.must_have("1 casella presa dall’elenco").must_have("Anna Rossi");
    assert_eq!(app.cx.store().one(&HOLDERS, args![customer.party]).await.unwrap(), 1);
}

#[tokio::test]
async fn one_wrong_cell_and_nothing_is_saved() {
    let app = TestApp::new().await;
    let (customer, mut browser) = buyer(&app).await;
    builders::order(&customer, &["presa.gia"], fixtures::DOMAINS[0]).await;
    let text = format!(
        "{HEAD}\nbuona.una;pec.example.it;{ANNA}\nbuona.una;pec.example.it;;;;;;;;;b@example.org;\n\
         presa.gia;pec.example.it;marziano;;;;;;;;senza-chiocciola;\n=1+1;altro.it;azienda;;;;;;;;c@example.org;"
    );
    let page = paste(&mut browser, &text).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(page.texts("textarea#lines")[0].split_whitespace().count(), text.split_whitespace().count());
    let rows = page.texts("table tbody tr").join("\n");
    for (cell, words) in [
        ("buona.una", "È uguale alla riga 2"),
        ("presa.gia", "è già occupata"),
        ("marziano", "Scrivi persona fisica"),
        ("senza-chiocciola", "e-mail"),
        ("=1+1", "sembra una formula"),
        ("altro.it", "dominio"),
    ] {
        let row = rows.lines().find(|r| r.contains(cell) && r.contains(words));
        assert!(row.is_some(), "no row with {cell} and «{words}»:\n{rows}");
    }
    assert_eq!(app.cx.store().one(&HOLDERS, args![customer.party]).await.unwrap(), 0);
    assert_eq!(browser.get("/order/names").await.attrs("#name-1", "value"), [""], "the cart is as it was");
}

const ALL: &str = "nome;dominio;tipo_titolare;codice_fiscale;partita_iva;nome_titolare;cognome_titolare;ragione_sociale;indirizzo;cap;comune;provincia;email;cellulare;codice_fiscale_rappresentante;codice_destinatario;pec_fatture";
const MARIO: &str = "RSSMRA80A01H501U";
const HERE: &str = "Via Appia Nuova 30;00183;Roma;RM";

#[tokio::test]
async fn organisations_come_with_their_names_and_numbers() {
    let app = TestApp::new().await;
    let (customer, mut browser) = buyer(&app).await;
    // Mario represents a company and has bought himself: the mailbox is the company's all the same.
    let company = format!(
        "officine;pec.example.it;azienda;{MARIO};IT 00743110157;Mario;Rossi;Officine Rossi S.r.l.;{HERE};o@example.org;06 1234567;;;"
    );
    let again = "officine.due;pec.example.it;Azienda;;00743110157;;;;;;;;o@example.org;;;;";
    let club = format!(
        "circolo;pec.example.it;azienda;97043210588;senza;Mario;Rossi;Circolo Appia;{HERE};c@example.org;333 1234567;{MARIO};;"
    );
    let body = format!(
        "ente;pec.example.it;ente pubblico;80012340156;;Mario;Rossi;Comune di Prova;{HERE};e@example.org;06 7654321;;UFABC1;"
    );
    let trader = format!(
        "ditta;pec.example.it;ditta individuale;{MARIO};01573850516;Mario;Rossi;Ditta Rossi;{HERE};d@example.org;333 1234567;;;fatture@pec.example.it"
    );
    let text = [ALL, &company, again, &club, &body, &trader].join("\n");
    let review = paste(&mut browser, &text).await;
    review.must_have("5 caselle prese dall’elenco");
    for name in ["Officine Rossi S.r.l.", "Circolo Appia", "Comune di Prova", "Ditta Rossi"] {
        review.must_have(name);
    }
    assert_eq!(app.cx.store().one(&HOLDERS, args![customer.party]).await.unwrap(), 4, "one company, two mailboxes");
    let book = browser.get("/account/holders").await;
    for number in ["00743110157", "97043210588", "80012340156", "01573850516"] {
        book.must_have(number);
    }
    // What was filled in for them stands in the profile: the mailbox takes the invoices, unless the line says else.
    for (name, invoices) in [("Officine Rossi", "officine@pec.example.it"), ("Ditta Rossi", "fatture@pec.example.it")] {
        let mut links = book.attrs("tbody th a", "href").into_iter().zip(book.texts("tbody th a"));
        let (link, _) = links.find(|(_, text)| text.contains(name)).expect("each profile has its page");
        let page = browser.get(&link).await;
        assert_eq!(page.attrs("#invoice_pec", "value"), [invoices], "{name}");
    }
    // Known now by either number.
    let known = "nome;dominio;tipo_titolare;codice_fiscale;partita_iva;email\nuno;pec.example.it;;97043210588;;a@example.org\n\
                 due;pec.example.it;azienda;;00743110157;a@example.org\ntre;pec.example.it;;;01573850516;a@example.org";
    paste(&mut browser, known).await.must_have("3 caselle prese dall’elenco").must_have("Circolo Appia");
    assert_eq!(app.cx.store().one(&HOLDERS, args![customer.party]).await.unwrap(), 4);
}

#[tokio::test]
async fn each_wrong_cell_of_an_organisation_is_told() {
    let app = TestApp::new().await;
    let (customer, mut browser) = buyer(&app).await;
    let lines = [
        ALL.to_owned(),
        // 2: nothing but a kind. 3: a wrong digit, a person's code where a body's is asked, no name.
        "uno;pec.example.it;azienda;;;;;;;;;;a@example.org;;;;".into(),
        format!("due;pec.example.it;ente no profit;{MARIO};00743110158;Mario;Rossi;;{HERE};a@example.org;06 1;;;"),
        // 4: a number that nobody has, without its kind. 5: a person with a VAT number.
        "tre;pec.example.it;;;00743110157;;;;;;;;a@example.org;;;;".into(),
        format!("quattro;pec.example.it;persona fisica;{MARIO};00743110157;Mario;Rossi;;{HERE};a@example.org;333 1;;;"),
        // 6: two channels for invoices. 7: an office code that is none. 8: two who represent. 9: a formula.
        format!(
            "cinque;pec.example.it;azienda;{MARIO};00743110157;Mario;Rossi;X;{HERE};a@example.org;333 1234567;;ABC1234;a@pec.example.it"
        ),
        format!(
            "sei;pec.example.it;ente pubblico;80012340156;;Mario;Rossi;Y;{HERE};a@example.org;333 1234567;;ABC1234;"
        ),
        format!(
            "sette;pec.example.it;azienda;{MARIO};01573850516;Mario;Rossi;Z;{HERE};a@example.org;333 1234567;BNCGLI80A41F205X;;"
        ),
        format!(
            "otto;pec.example.it;azienda;97043210588;senza;Mario;Rossi;=Z;{HERE};a@example.org;333 1234567;{MARIO};;"
        ),
    ];
    let page = paste(&mut browser, &lines.join("\n")).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    let rows = page.texts("table tbody tr");
    for (line, column, words) in [
        ("2", "partita_iva", "o «senza»"),
        ("2", "ragione_sociale", "Scrivi la ragione sociale"),
        ("2", "codice_fiscale_rappresentante", "Scrivi il codice fiscale di 16"),
        ("2", "nome_titolare", "Scrivi"),
        ("2", "indirizzo", "Scrivi"),
        ("2", "cellulare", "Scrivi"),
        ("3", "codice_fiscale", "11 cifre"),
        ("3", "partita_iva", "errore di battitura"),
        ("3", "ragione_sociale", "Scrivi la ragione sociale"),
        ("3", "cellulare", "numero"),
        ("4", "tipo_titolare", "non è nella rubrica"),
        ("5", "partita_iva", "Una persona fisica non ha partita IVA"),
        ("6", "codice_destinatario", "PEC"),
        ("7", "codice_destinatario", "6"),
        ("8", "codice_fiscale", "11 cifre"),
        ("9", "ragione_sociale", "formula"),
    ] {
        let told = rows.iter().any(|r| r.starts_with(&format!("{line}{column}")) && r.contains(words));
        assert!(told, "line {line}, {column}, «{words}»:\n{}", rows.join("\n"));
    }
    assert_eq!(app.cx.store().one(&HOLDERS, args![customer.party]).await.unwrap(), 0, "all or none");
}

#[tokio::test]
async fn files_that_are_none_are_met() {
    let app = TestApp::new().await;
    let (_, mut browser) = buyer(&app).await;
    for (text, words) in [
        ("", "L’elenco è vuoto"),
        ("nome;dominio;email;iban\na;b;c;d", "«iban» non è tra quelle"),
        ("nome;dominio\na;b", "Manca la colonna «email»"),
    ] {
        let page = paste(&mut browser, text).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        page.must_have(words);
    }
    let many = (0..100).map(|n| format!("casella.n{n};pec.example.it;x@example.org\n")).collect::<String>();
    paste(&mut browser, &format!("nome;dominio;email\n{many}")).await.must_have("più di 99 righe");
    let page = browser.get("/order/import").await;
    let token = page.attrs("form[enctype] input[name=csrf]", "value")[0].clone();
    for (bytes, words) in [
        (b"".to_vec(), "Scegli un file"),
        (b"PK\x03\x04".to_vec(), "non è un file CSV"),
        (b"a\0b".to_vec(), "non è un file CSV"),
    ] {
        let answer = upload(&mut browser, &token, &bytes).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        answer.must_have(words);
    }
    let latin =
        "nome;dominio;email\nnicol\u{f2};pec.example.it;x@example.org".chars().map(|c| c as u8).collect::<Vec<_>>();
    upload(&mut browser, &token, &latin).await.must_have("nicolò");
    assert_eq!(upload(&mut browser, &token, &vec![b'a'; 200_000]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(upload(&mut browser, &token, &vec![b'a'; 400_000]).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(upload(&mut browser, "forged", b"nome").await.status, StatusCode::FORBIDDEN);
    let plain = browser.send(Method::POST, "/order/import/file", Some("text/csv"), b"nome".to_vec()).await;
    assert_eq!(plain.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    // The template is read back by the same rules.
    let template = browser.get("/order/import/template.csv").await;
    paste(&mut browser, &template.body).await.must_have("3 caselle prese dall’elenco").must_have("Officine Rossi");
    assert_eq!(app.browser().get("/order/import").await.path, "/login?next=/order/import");
}

#[tokio::test]
async fn ninety_nine_lines_become_ninety_nine_mailboxes() {
    let app = TestApp::new().await;
    let (customer, mut browser) = buyer(&app).await;
    let lines = (1..=99).map(|n| format!("ufficio.n{n};pec.example.it;u{n}@example.org\n")).collect::<String>();
    let review = paste(&mut browser, &format!("nome;dominio;email\n{lines}")).await;
    review.must_have("99 caselle prese dall’elenco").must_have("ufficio.n99@").must_have("€1.195,72");
    let fields = [("years", "1"), ("method", "card"), ("conditions", "yes"), ("unfair_terms", "yes"), ("confirm", "1")];
    let payment = browser.submit(&review, "/order/review", &fields).await;
    payment.must_have("Paga l’ordine").must_have("ufficio.n99@");
    let order = payment.path.rsplit('/').next().unwrap().parse().expect("the address names the order");
    builders::pay_by_card(&app, &customer, order).await;
    app.settle().await;
    assert_eq!(app.mailer.to("u99@example.org", "").len(), 1, "each has its link");
    // The back button after the payment: the old form places nothing again, the old page says it is paid.
    let again = browser.submit(&review, "/order/review", &fields).await;
    assert!(again.path.contains(&format!("/order/payment/{order}")), "{}", again.path);
    again.must_have("Le caselle sono attive");
    let csv = browser.get("/account/mailboxes.csv").await;
    assert_eq!(csv.body.lines().count(), 100);
    assert!(csv.body.starts_with('\u{feff}') && csv.body.contains("ufficio.n99@pec.example.it"));
    let names = browser.get("/order/names").await;
    assert!(!names.has("Continua con i titolari"), "a confirmed cart is not edited");
    app.finish().await;
}
