//! Which language a script is in, told from marks at the beginning of lines.

/// Bytes at the beginning in which marks are looked for.
const HEAD_MAX: usize = 16 << 10;

/// A language of scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Script {
    /// Batch files of Windows.
    Batch,
    /// JavaScript and JScript.
    JavaScript,
    /// PHP.
    Php,
    /// PowerShell.
    PowerShell,
    /// Python.
    Python,
    /// Shells of Unix.
    Shell,
    /// Visual Basic Script.
    VbScript,
}

/// Programs behind `#!`, by the beginning of their name.
const PROGRAMS: [(&str, Script); 11] = [
    ("sh", Script::Shell),
    ("bash", Script::Shell),
    ("dash", Script::Shell),
    ("ksh", Script::Shell),
    ("zsh", Script::Shell),
    ("ash", Script::Shell),
    ("python", Script::Python),
    ("php", Script::Php),
    ("node", Script::JavaScript),
    ("nodejs", Script::JavaScript),
    ("pwsh", Script::PowerShell),
];

/// Marks in lower case: of each language, beginnings of lines and parts of lines; and how many different ones it takes.
struct Marks {
    script: Script,
    starts: &'static [&'static str],
    parts: &'static [&'static str],
    needed: usize,
}

/// More telling languages first.
const MARKS: [Marks; 5] = [
    Marks {
        script: Script::PowerShell,
        starts: &[
            "param(",
            "param (",
            "function ",
            "$erroractionpreference",
            "import-module ",
            "write-host ",
            "#requires -",
        ],
        parts: &[
            "$env:",
            "invoke-expression",
            "invoke-webrequest",
            "new-object ",
            "get-childitem",
            "set-executionpolicy",
            "start-process",
            "[system.",
            "-encodedcommand",
            "frombase64string(",
            "[cmdletbinding(",
        ],
        needed: 2,
    },
    Marks {
        script: Script::Batch,
        starts: &["@echo off", "setlocal", "rem ", ":: ", "goto ", "if not exist ", "if exist ", "chcp "],
        parts: &["%~dp0", "%errorlevel%", "goto :eof", "%temp%", "%appdata%", ">nul", "> nul"],
        needed: 2,
    },
    Marks {
        script: Script::VbScript,
        starts: &["dim ", "on error resume next", "option explicit", "end sub", "end function", "end if", "set "],
        parts: &["createobject(", "wscript.", "vbcrlf", "scripting.filesystemobject"],
        needed: 3,
    },
    Marks {
        script: Script::JavaScript,
        starts: &[
            "\"use strict\"",
            "'use strict'",
            "var ",
            "const ",
            "let ",
            "function ",
            "});",
            "module.exports",
            "export ",
            "import ",
        ],
        parts: &[
            "new activexobject(",
            "wscript.",
            "require(",
            "function(",
            "function (",
            "=> {",
            "document.",
            "window.",
            "console.log(",
        ],
        needed: 4,
    },
    Marks {
        script: Script::Python,
        starts: &[
            "def ",
            "class ",
            "from ",
            "import ",
            "if __name__",
            "    return ",
            "    def ",
            "# -*- coding",
            "@property",
        ],
        parts: &["self.", "import (", "):", "__init__", "print(", "sys.argv", "os.path"],
        needed: 5,
    },
];

impl Script {
    /// Returns the language of a text, if enough marks say so.
    pub(crate) fn of(text: &str) -> Option<Self> {
        let head = text.get(..text.floor_char_boundary(text.len().min(HEAD_MAX))).unwrap_or_default();
        let head = head.trim_start_matches('\u{feff}').trim_start();
        if let Some(line) = head.strip_prefix("#!").and_then(|line| line.lines().next()) {
            return program(line);
        }
        if head.starts_with("<?php") {
            return Some(Self::Php);
        }
        let lower = head.to_ascii_lowercase();
        MARKS.iter().find(|marks| marks.count(&lower) >= marks.needed).map(|marks| marks.script)
    }

    /// Returns its short name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Batch => "batch",
            Self::JavaScript => "javascript",
            Self::Php => "php",
            Self::PowerShell => "powershell",
            Self::Python => "python",
            Self::Shell => "shell",
            Self::VbScript => "vbscript",
        }
    }
}

impl Marks {
    fn count(&self, lower: &str) -> usize {
        let is_start = |mark: &str| {
            lower.lines().any(|line| {
                if mark.starts_with(' ') { line.starts_with(mark) } else { line.trim_start().starts_with(mark) }
            })
        };
        let starts = self.starts.iter().filter(|mark| is_start(mark)).count();
        let parts = self.parts.iter().filter(|mark| lower.contains(**mark)).count();
        // Words that begin lines begin sentences too; without a part of a line there is no script.
        if parts == 0 { 0 } else { starts + parts }
    }
}

fn program(line: &str) -> Option<Script> {
    let mut words = line.split_whitespace();
    let mut name = words.next()?.rsplit('/').next()?;
    if name == "env" {
        name = words.find(|word| !word.starts_with('-'))?;
    }
    let name = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    PROGRAMS.iter().find(|(known, _)| *known == name).map(|(_, script)| *script)
}

#[cfg(test)]
mod tests {
    use super::Script;

    #[test]
    fn scripts_are_told_by_their_marks() {
        assert_eq!(Script::of("#!/usr/bin/env -S python3.11\n"), Some(Script::Python));
        assert_eq!(Script::of("#!/bin/bash\n"), Some(Script::Shell));
        assert_eq!(Script::of("@echo off\r\ncd %~dp0\r\n"), Some(Script::Batch));
        assert_eq!(Script::of("$a = $env:TEMP\niex (New-Object Net.WebClient)"), Some(Script::PowerShell));
        assert_eq!(Script::of("Dim a\nSet a = CreateObject(\"WScript.Shell\")"), Some(Script::VbScript));
    }

    #[test]
    fn sentences_are_no_scripts() {
        for text in [
            "Set the table. From here on, import duties rise.\nLet us see. Function follows form.",
            "REM sleep is a phase.\nGoto is considered harmful.\nIf exist it must, it will.",
            "Class of 2024\nImport figures\nFrom the ministry: def not (print this):",
            "",
        ] {
            assert_eq!(Script::of(text), None, "{text}");
        }
    }
}
