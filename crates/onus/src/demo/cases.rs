//! The bundled cases, byte for byte; `demo/README.md` says where each file is from.

use super::Bundled;

/// Every bundled case, sorted by id.
pub(super) const CASES: &[Bundled] = &[
    Bundled {
        id: "apt31-statements-2024",
        sheet: include_str!("../../demo/apt31-statements-2024/case.toml"),
        sources: include_str!("../../demo/apt31-statements-2024/exhibits.toml"),
        files: &[
            (
                "public-facts.stix.json",
                include_bytes!("../../demo/apt31-statements-2024/exhibits/public-facts.stix.json"),
            ),
            (
                "sputnik-2024-03-29.txt",
                include_bytes!("../../demo/apt31-statements-2024/exhibits/sputnik-2024-03-29.txt"),
            ),
        ],
    },
    Bundled {
        id: "dark-seoul-2013",
        sheet: include_str!("../../demo/dark-seoul-2013/case.toml"),
        sources: include_str!("../../demo/dark-seoul-2013/exhibits.toml"),
        files: &[(
            "public-facts.stix.json",
            include_bytes!("../../demo/dark-seoul-2013/exhibits/public-facts.stix.json"),
        )],
    },
    Bundled {
        id: "lazarus-russian-words-2017",
        sheet: include_str!("../../demo/lazarus-russian-words-2017/case.toml"),
        sources: include_str!("../../demo/lazarus-russian-words-2017/exhibits.toml"),
        files: &[(
            "public-facts.stix.json",
            include_bytes!("../../demo/lazarus-russian-words-2017/exhibits/public-facts.stix.json"),
        )],
    },
    Bundled {
        id: "olympic-destroyer-2018",
        sheet: include_str!("../../demo/olympic-destroyer-2018/case.toml"),
        sources: include_str!("../../demo/olympic-destroyer-2018/exhibits.toml"),
        files: &[(
            "public-facts.stix.json",
            include_bytes!("../../demo/olympic-destroyer-2018/exhibits/public-facts.stix.json"),
        )],
    },
    Bundled {
        id: "sunburst-kazuar-2020",
        sheet: include_str!("../../demo/sunburst-kazuar-2020/case.toml"),
        sources: include_str!("../../demo/sunburst-kazuar-2020/exhibits.toml"),
        files: &[(
            "public-facts.stix.json",
            include_bytes!("../../demo/sunburst-kazuar-2020/exhibits/public-facts.stix.json"),
        )],
    },
    Bundled {
        id: "telecom-2024",
        sheet: include_str!("../../demo/telecom-2024/case.toml"),
        sources: include_str!("../../demo/telecom-2024/exhibits.toml"),
        files: &[
            (
                "embassy-in-new-zealand-2024-12-07.txt",
                include_bytes!("../../demo/telecom-2024/exhibits/embassy-in-new-zealand-2024-12-07.txt"),
            ),
            ("public-facts.stix.json", include_bytes!("../../demo/telecom-2024/exhibits/public-facts.stix.json")),
        ],
    },
];
