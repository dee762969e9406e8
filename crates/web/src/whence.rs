//! From where somebody asks, in plain words: told to themselves, so that they know their own sessions from others'.
//!
//! A browser says of itself what it likes, so this decides nothing.

use axum::extract::{ConnectInfo, Request};
use axum::http::{HeaderMap, header};
use doorstep_app::signin::Whence;
use std::net::{IpAddr, SocketAddr};

/// What a proxy adds of who asked it; the last of the list is whom it saw itself.
const FORWARDED: &str = "x-forwarded-for";

/// Browsers by a word of what they call themselves. Many call themselves by others' names too, so the order counts.
const BROWSERS: [(&str, &str); 8] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];

/// Systems by a word; the order counts here as well.
const SYSTEMS: [(&str, &str); 7] = [
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "a Mac"),
    ("Linux", "Linux"),
];

/// Returns from where a request comes.
pub(crate) fn of(request: &Request, is_behind_proxy: bool) -> Whence {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let address = if is_behind_proxy { forwarded(request.headers()).or(peer) } else { peer };
    let device = request.headers().get(header::USER_AGENT).and_then(|name| name.to_str().ok());
    Whence {
        device: device.map(device_of).unwrap_or_default(),
        address: address.map(|address| address.to_canonical().to_string()).unwrap_or_default(),
    }
}

fn forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    let last = headers.get_all(FORWARDED).iter().next_back()?.to_str().ok()?;
    last.rsplit(',').next()?.trim().parse().ok()
}

fn device_of(name: &str) -> String {
    let known = |list: &[(&str, &'static str)]| {
        list.iter().find(|(word, _)| name.contains(word)).map(|(_, words)| *words)
    };
    match (known(&BROWSERS), known(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(browser), None) => browser.to_owned(),
        (None, Some(system)) => format!("a program on {system}"),
        (None, None) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    const EDGE: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
                        Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0";
    const PHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 \
                         (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1";

    fn asked(headers: &[(&str, &str)], is_behind_proxy: bool) -> Whence {
        let mut request = Request::get("/");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let peer = ConnectInfo(SocketAddr::from(([192, 0, 2, 9], 4711)));
        of(&request.extension(peer).body(Body::empty()).unwrap(), is_behind_proxy)
    }

    #[test]
    fn browsers_and_systems_are_told_in_plain_words() {
        for (name, words) in [
            (EDGE, "Edge on Windows"),
            (PHONE, "Safari on an iPhone"),
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0",
                "Firefox on Linux",
            ),
            ("curl/8.5.0", ""),
            ("<script>Firefox/1", "Firefox"),
        ] {
            assert_eq!(asked(&[("user-agent", name)], false).device, words, "{name}");
        }
    }

    #[test]
    fn only_a_proxy_of_the_operators_is_believed_and_of_its_list_the_last() {
        let sent = [("x-forwarded-for", "203.0.113.1, 198.51.100.7")];
        assert_eq!(asked(&sent, false).address, "192.0.2.9");
        assert_eq!(asked(&sent, true).address, "198.51.100.7");
        assert_eq!(asked(&[("x-forwarded-for", "no address")], true).address, "192.0.2.9");
        assert_eq!(asked(&[], true).address, "192.0.2.9");
    }
}
