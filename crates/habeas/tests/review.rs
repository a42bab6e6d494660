//! The review page as a browser meets it: a real listener, a real key, a request worked to its bundle.

mod common;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use common::habeas;
use habeas_redact::paper::{Block, Sheet, typeset};
use serde_json::{Value, json};

/// The configuration of the made-up clinic, whose sources are put elsewhere.
const CLINIC: &str = include_str!("../../../config/clinic.toml");

/// A small estate: a mail, a letter on two pages, a table.
struct Small {
    dir: tempfile::TempDir,
    case: String,
}

impl Small {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let files = dir.path().join("files");
        std::fs::create_dir(&files).unwrap();
        let mail = "From: harriet.vale@example.org\r\nTo: desk@example.com\r\nSubject: My visit\r\n\
                    Date: Mon, 02 Mar 2026 10:00:00 +0000\r\nMessage-ID: <1@example.org>\r\n\r\n\
                    I am Harriet Vale. The gardener with the red hat let me in. Tom Quillon was there too.\r\n";
        std::fs::write(files.join("visit.eml"), mail).unwrap();
        let sheet = Sheet {
            title: "Letter".into(),
            blocks: [
                "Harriet Vale, harriet.vale@example.org, came on the second of March.",
                "Somebody heard the parrot say the secret word behind the curtain.",
                "She was told to come again in April, and to bring her old letters.",
            ]
            .map(|text| Block::Paragraph(text.into()))
            .to_vec(),
            ..Sheet::default()
        };
        std::fs::write(files.join("letter.pdf"), typeset(&sheet).unwrap().bytes).unwrap();
        let table = "Name,Email,Note\nHarriet Vale,harriet.vale@example.org,called\n\
                     Nora Field,nora.field@example.org,wrote\n";
        std::fs::write(files.join("list.csv"), table).unwrap();
        let home = dir.path().join("home");
        assert_eq!(habeas(&["init", &home.display().to_string()], "").code, 0);
        let mut config: toml::Table = CLINIC.parse().unwrap();
        let mut source = config["source"].as_array().unwrap()[0].clone();
        let keys = source.as_table_mut().unwrap();
        keys.insert("name".into(), "files".into());
        keys.insert("path".into(), "../files".into());
        config.insert("source".into(), toml::Value::Array(vec![source]));
        config.insert(
            "ocr".into(),
            toml::Value::Table([("enabled".into(), false.into())].into_iter().collect()),
        );
        std::fs::write(home.join("habeas.toml"), config.to_string()).unwrap();
        let small = Self { dir, case: String::new() };
        let run = |arguments: &[&str]| {
            let ended = small.run(arguments);
            assert!(ended.code <= 1, "{arguments:?}: {}", ended.stderr);
            ended.stdout
        };
        run(&["index"]);
        let name = ["--name", "Harriet Vale", "--email", "harriet.vale@example.org"];
        let opened = run(&[&["--json", "open", "--received", "2026-11-02"], &name[..]].concat());
        let case = common::lines(&opened)[0]["data"]["case"].as_str().unwrap().to_owned();
        run(&["match", &case]);
        Self { case, ..small }
    }

    fn home(&self) -> PathBuf {
        self.dir.path().join("home")
    }

    fn run(&self, arguments: &[&str]) -> common::Ended {
        let home = self.home().display().to_string();
        habeas(&[&["--estate", &home], arguments].concat(), "")
    }
}

/// The page at work.
struct Page {
    child: Child,
    port: u16,
    key: String,
    log: PathBuf,
}

impl Drop for Page {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Page {
    fn open(home: &Path, log: &Path) -> Self {
        let log = log.to_owned();
        let mut child = Command::new(env!("CARGO_BIN_EXE_habeas"))
            .args(["--estate", &home.display().to_string(), "--json", "review", "--no-open"])
            .env("HABEAS_LOG", "trace")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(std::fs::File::create(&log).unwrap())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let said: Value = serde_json::from_str(&line).unwrap();
        let url = said["data"]["url"].as_str().unwrap().to_owned();
        let rest = url.strip_prefix("http://127.0.0.1:").unwrap();
        let (port, key) = rest.split_once("/#k=").unwrap();
        Self { port: port.parse().unwrap(), key: key.to_owned(), log, child }
    }

    /// Asks with these headers, and gives status, headers and body.
    fn raw(
        &self,
        method: &str,
        path: &str,
        headers: &[String],
        body: &str,
    ) -> (u16, String, Vec<u8>) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        let mut request = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n");
        for header in headers {
            request.push_str(header);
            request.push_str("\r\n");
        }
        if !body.is_empty() {
            request.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        request.push_str("\r\n");
        request.push_str(body);
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let end = answer.windows(4).position(|it| it == b"\r\n\r\n").unwrap();
        let head = String::from_utf8(answer[..end].to_vec()).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, head, answer.split_off(end + 4))
    }

    fn begin(&self) -> (u16, Value) {
        let headers =
            [format!("Host: 127.0.0.1:{}", self.port), "Content-Type: application/json".into()];
        let body = json!({"key": self.key, "by": "Dana"}).to_string();
        let (status, _, bytes) = self.raw("POST", "/api/v1/session", &headers, &body);
        (status, serde_json::from_slice(&bytes).unwrap())
    }
}

/// A tab with its session.
struct Tab<'a> {
    page: &'a Page,
    token: String,
}

impl Tab<'_> {
    fn bytes(&self, method: &str, path: &str, body: Option<Value>) -> (u16, Vec<u8>) {
        let host = format!("127.0.0.1:{}", self.page.port);
        let mut headers = vec![
            format!("Host: {host}"),
            format!("Origin: http://{host}"),
            "Sec-Fetch-Site: same-origin".to_owned(),
            format!("Authorization: Bearer {}", self.token),
        ];
        let body = body.map(|body| body.to_string()).unwrap_or_default();
        if !body.is_empty() {
            headers.push("Content-Type: application/json".to_owned());
        }
        let (status, _, bytes) = self.page.raw(method, &format!("/api/v1{path}"), &headers, &body);
        (status, bytes)
    }

    fn ask(&self, method: &str, path: &str, body: Option<Value>) -> Value {
        let (status, bytes) = self.bytes(method, path, body);
        let answer: Value = serde_json::from_slice(&bytes).unwrap();
        assert!((200..300).contains(&status), "{method} {path}: {status} {answer}");
        answer
    }

    fn get(&self, path: &str) -> Value {
        self.ask("GET", path, None)
    }

    fn post(&self, path: &str, body: Value) -> Value {
        self.ask("POST", path, Some(body))
    }

    fn ended(&self, job: &Value) -> Value {
        let start = Instant::now();
        loop {
            let now = self.get(&format!("/jobs/{}", job["job"]));
            if now["state"] != "running" {
                return now;
            }
            assert!(start.elapsed() < Duration::from_secs(120), "{now}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

/// The text of every PDF of a bundle.
fn exhibits(dir: &Path) -> String {
    let mut text = String::new();
    for file in common::files(dir) {
        if file.extension().is_some_and(|it| it == "pdf") {
            let bytes = std::fs::read(dir.join(file)).unwrap();
            let budget = habeas_document::Budget::default();
            habeas_document::read_family("x.pdf", &bytes, &budget, &mut |member| {
                text.push_str(&member.document.text());
            });
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_request_is_worked_on_the_page_to_its_bundle() {
    let small = Small::new();
    let case = &small.case;
    let page = Page::open(&small.home(), &small.dir.path().join("log"));
    // Who does not come from the page gets nothing, over a real socket.
    let host = |name: &str| vec![format!("Host: {name}")];
    assert_eq!(page.raw("GET", "/", &host("evil.example"), "").0, 403);
    assert_eq!(page.raw("GET", "/", &host(&format!("evil.example:{}", page.port)), "").0, 403);
    let good = host(&format!("127.0.0.1:{}", page.port));
    let (status, head, _) = page.raw("GET", "/", &good, "");
    assert_eq!(status, 200);
    assert!(head.to_lowercase().contains("content-security-policy: default-src 'none'"), "{head}");
    assert_eq!(page.raw("GET", "/api/v1/cases", &good, "").0, 401);
    let (status, begun) = page.begin();
    assert_eq!(status, 200);
    assert_eq!(page.begin().0, 401, "a key works once");
    let tab = Tab { page: &page, token: begun["token"].as_str().unwrap().to_owned() };

    let dashboard = tab.get("/cases");
    assert_eq!(dashboard["cases"][0]["case"], *case);
    assert_eq!(dashboard["cases"][0]["next"]["code"], "decide");
    assert_eq!(tab.get("/estate")["sources"][0]["is_reachable"], true);
    let queue = tab.get(&format!("/cases/{case}/queue"));
    let item = |end: &str| -> String {
        let rows = queue["rows"].as_array().unwrap();
        let row = rows.iter().find(|row| row["at"]["path"].as_str().unwrap().ends_with(end));
        row.unwrap_or_else(|| panic!("{end}: {queue}"))["item"].as_str().unwrap().to_owned()
    };
    let (mail, letter) = (item("visit.eml"), item("letter.pdf"));
    item("list.csv");

    // The letter as a picture, drawn from what the isolated reader recorded.
    let pages = tab.get(&format!("/cases/{case}/items/{letter}/pages"));
    assert_eq!(pages["pages"][0]["page"], 1);
    let (status, png) = tab.bytes("GET", &format!("/cases/{case}/items/{letter}/pages/1"), None);
    assert_eq!((status, &png[1..4]), (200, &b"PNG"[..]));

    // What is marked on it lies where its letters are.
    let marks = tab.get(&format!("/cases/{case}/items/{letter}/pages/1/marks"));
    assert_eq!(marks["n_placed"], marks["n_marks"], "{marks}");
    let area = &marks["placed"][0]["areas"][0];
    let (line, height) = line_of(&small.dir.path().join("files/letter.pdf"), "Harriet");
    let (top, below) = (area["y"].as_f64().unwrap(), area["height"].as_f64().unwrap());
    assert!(top < line && line < top + below && below < height * 1.5, "{area}: {line}, {height}");
    let (status, _) =
        tab.bytes("GET", &format!("/cases/{case}/items/{letter}/pages/9/marks"), None);
    assert_eq!(status, 404);

    // Words of the mail and a part of the letter go by hand.
    let passages = tab.get(&format!("/cases/{case}/items/{mail}/passages"));
    let passages = passages["passages"].as_array().unwrap();
    let said = |it: &&Value| it["text"].as_str().unwrap().contains("gardener");
    let passage = passages.iter().find(said).unwrap();
    let start = passage["text"].as_str().unwrap().find("gardener with the red hat").unwrap();
    let marked = tab.post(
        &format!("/cases/{case}/items/{mail}/marks"),
        json!({"expected": 0, "type": "text", "passage": passage["number"], "start": start,
               "end": start + 25, "ground": "TP", "reason": "he would be known by it"}),
    );
    let (line, height) = line_of(&small.dir.path().join("files/letter.pdf"), "parrot");
    let marked = tab.post(
        &format!("/cases/{case}/items/{letter}/marks"),
        json!({"expected": marked["revision"], "type": "box", "page": 1, "ground": "NPD",
               "box": {"x": 0.0, "y": line - height, "width": 1.0, "height": height * 1.3},
               "reason": "not hers"}),
    );
    let decided = tab.post(
        &format!("/cases/{case}/decisions"),
        json!({"expected": marked["revision"], "filter": {"verdict": ["open"]},
               "verdict": "disclose", "reason": ""}),
    );
    let job = tab.post(&format!("/cases/{case}/people/look"), json!({}));
    assert_eq!(tab.ended(&job)["state"], "done");
    let people = tab.get(&format!("/cases/{case}/people"));
    assert!(people.to_string().contains("Quillon"), "{people}");
    // A folder in which nobody can write: what happened, what to do, and nothing is lost.
    let records =
        |tab: &Tab<'_>| tab.get(&format!("/cases/{case}/history?limit=1"))["total"].clone();
    let before = records(&tab);
    let nowhere = small.dir.path().join("files/letter.pdf/bundle").display().to_string();
    let job = tab.post(
        &format!("/cases/{case}/bundle"),
        json!({"expected": decided["revision"], "day": "2026-11-20", "packs": true, "out": nowhere}),
    );
    let job = tab.ended(&job);
    assert_eq!((&job["state"], &job["error"]["code"]), (&json!("failed"), &json!("failed")));
    let (message, hint) = (&job["error"]["message"], &job["error"]["hint"]);
    assert!(message.as_str().unwrap().contains("every decision is kept"), "{message}");
    assert!(message.as_str().unwrap().contains("is a file, and no folder"), "{message}");
    assert!(hint.as_str().unwrap().starts_with("choose another folder"), "{hint}");
    assert_eq!(records(&tab), before);
    let told = small.run(&["bundle", case, "--out", &nowhere]);
    assert_eq!(told.code, 3);
    assert!(told.stderr.contains("every decision is kept"), "{}", told.stderr);
    assert!(told.stderr.contains("hint: choose another folder"), "{}", told.stderr);

    let job = tab.post(
        &format!("/cases/{case}/bundle"),
        json!({"expected": decided["revision"], "day": "2026-11-20", "packs": true}),
    );
    let job = tab.ended(&job);
    assert_eq!(job["state"], "done", "{job}");
    // Made again, with an archive that is of this one.
    let now = tab.get(&format!("/cases/{case}/history?limit=1"))["revision"].clone();
    let job = tab.post(
        &format!("/cases/{case}/bundle"),
        json!({"expected": now, "day": "2026-11-21", "packs": true, "replaces": true}),
    );
    let job = tab.ended(&job);
    assert_eq!(job["state"], "done", "{job}");
    let bundle = tab.get(&format!("/cases/{case}/bundle"));
    assert_eq!(bundle["n_exhibits"], 3, "{bundle}");
    let file = bundle["exhibits"][0]["file"].as_str().unwrap();
    let path = format!("/cases/{case}/bundle/pages/1?file={file}");
    assert_eq!(&tab.bytes("GET", &path, None).1[1..4], b"PNG");
    let (status, archive) = tab.bytes("GET", &format!("/cases/{case}/bundle/archive"), None);
    assert_eq!((status, &archive[..2]), (200, &b"PK"[..]));
    let zip = small.dir.path().join("downloaded.zip");
    std::fs::write(&zip, archive).unwrap();
    let verified = small.run(&["verify", &zip.display().to_string()]);
    assert_eq!(verified.code, 0, "{}{}", verified.stdout, verified.stderr);

    // What was marked by hand, and everybody else, is in no file of it; the rest is.
    let text = exhibits(Path::new(bundle["state"]["dir"].as_str().unwrap()));
    for gone in ["gardener", "red hat", "parrot", "curtain", "Quillon", "Nora Field"] {
        assert!(!text.contains(gone), "{gone} is in the bundle");
    }
    for there in ["let me in", "second of March", "in April"] {
        assert!(text.contains(there), "{there:?} is not in the bundle: {text}");
    }
    // No log line says who anybody is, or shows a secret of the session.
    let log = std::fs::read_to_string(&page.log).unwrap().to_lowercase();
    for secret in ["harriet", "quillon", "nora", &page.key, &tab.token] {
        assert!(!log.contains(&secret.to_lowercase()), "a log line shows a secret");
    }
    let verified = small.run(&["verify", bundle["state"]["dir"].as_str().unwrap()]);
    assert_eq!(verified.code, 0, "{}{}", verified.stdout, verified.stderr);
}

/// Where a line with that word stands on the first page of a file, and how high it is, in parts of the
/// page's height.
fn line_of(file: &Path, word: &str) -> (f64, f64) {
    habeas_ingest::use_reader(Path::new(env!("CARGO_BIN_EXE_habeas")));
    let item = habeas_model::ItemId::of(&std::fs::read(file).unwrap());
    let path = habeas_model::ItemPath::file(b"letter.pdf");
    let budget = habeas_document::Budget::default();
    let mut found = None;
    habeas_ingest::read_pages(file, &path, &item, &budget, &mut |page| {
        let text: String = page.letters.iter().map(|letter| letter.text.as_str()).collect();
        let Some(at) = text.find(word) else { return };
        let mut seen = 0;
        for letter in &page.letters {
            if seen >= at {
                let height = f64::from(page.height_pt);
                let (y, em) = (f64::from(letter.origin.1), f64::from(letter.em_pt));
                found.get_or_insert((y / height, em / height));
            }
            seen += letter.text.len();
        }
    })
    .unwrap();
    found.expect("the word is on the page")
}
