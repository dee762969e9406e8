//! The style sheet, the scripts and the mark, built in. Their paths carry a piece of their hash, so that a browser
//! may keep them for ever and still sees a new one at once.

use std::sync::LazyLock;

/// One built-in file.
pub(crate) struct Asset {
    pub(crate) name: &'static str,
    pub(crate) media_type: &'static str,
    pub(crate) bytes: &'static str,
}

const ASSETS: &[Asset] = &[
    Asset {
        name: "style.css",
        media_type: "text/css; charset=utf-8",
        bytes: include_str!("../assets/style.css"),
    },
    Asset {
        name: "live.js",
        media_type: "text/javascript; charset=utf-8",
        bytes: include_str!("../assets/live.js"),
    },
    Asset {
        name: "keys.js",
        media_type: "text/javascript; charset=utf-8",
        bytes: include_str!("../assets/keys.js"),
    },
    Asset {
        name: "passkey.js",
        media_type: "text/javascript; charset=utf-8",
        bytes: include_str!("../assets/passkey.js"),
    },
    Asset {
        name: "mark.svg",
        media_type: "image/svg+xml",
        bytes: include_str!("../assets/mark.svg"),
    },
];

static PATHS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let path = |asset: &Asset| {
        let digest = doorstep_app::digest(asset.bytes.as_bytes());
        format!("/assets/{}/{}", digest.get(..12).unwrap_or(&digest), asset.name)
    };
    ASSETS.iter().map(path).collect()
});

/// Returns the path of an asset as pages name it; empty when there is none of that name.
pub(crate) fn path(name: &str) -> String {
    let at = ASSETS.iter().position(|asset| asset.name == name);
    at.and_then(|at| PATHS.get(at)).cloned().unwrap_or_default()
}

/// Returns the asset at a path; an old hash is not served as if it were new.
pub(crate) fn at(path: &str) -> Option<&'static Asset> {
    let at = PATHS.iter().position(|known| known == path)?;
    ASSETS.get(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_asset_is_found_by_its_path_and_by_no_other() {
        for asset in ASSETS {
            assert!(at(&path(asset.name)).is_some_and(|found| found.name == asset.name));
        }
        assert!(at("/assets/000000000000/style.css").is_none());
    }
}
