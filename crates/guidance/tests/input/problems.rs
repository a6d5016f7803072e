//! Texts of reports, good and bad, and every problem of them in its words.

/// Text of a report and what has to be said about it, word for word; nothing for one that is fine.
pub const TOML: &[(&str, &[&str])] = &[
    ("", &[]),
    ("about = \"a note\"\nsource = \"nowhere\"\n[expect]\nclass = \"experimental\"\n", &[]),
    ("[[person]]\nid = \"A\"\nage = 0\n[[person]]\nid = \"B\"\nage = 120\n", &[]),
    (
        "reports = 1\n",
        &["unknown key \"reports\"; did you mean \"report\"?, line 1; known are done, report, person and device"],
    ),
    (
        "[persons]\n",
        &["unknown key \"persons\"; did you mean \"person\"?, line 1; known are done, report, person and device"],
    ),
    (
        "[[person]]\nid = \"B\"\npart = [\"sent\"]\n\nthreatend = \"yes\"\n",
        &["person B: unknown fact \"threatend\", line 5; did you mean \"threatened\"?"],
    ),
    (
        "[report]\nthreatened = \"yes\"\nweather = \"fine\"\n",
        &[
            "report: unknown fact \"threatened\", line 2; it is a fact of a person: say it there",
            "report: unknown fact \"weather\", line 3; leave it out, or use a fact of this guidance",
        ],
    ),
    (
        "[report]\nimagery = \"perhaps\"\nreported_by = \"teacher\"\nact_on = \"24.11.2026\"\n",
        &[
            "report: imagery must be \"yes\", \"no\" or \"not-known\", not \"perhaps\", line 2",
            "report: reported_by must be one of child, parent-or-carer, school, other-agency, platform, police, other, not-known, not \"teacher\", line 3",
            "report: act_on must be a day written \"2026-11-24\", not \"24.11.2026\", line 4",
        ],
    ),
    (
        "[report]\nimagery = true\nrequest = 1\nuploaded_online = [\"yes\"]\n",
        &[
            "report: imagery must be \"yes\", \"no\" or \"not-known\", not true, line 2",
            "report: request must be \"yes\", \"no\" or \"not-known\", not 1, line 3",
            "report: uploaded_online must be \"yes\", \"no\" or \"not-known\", not a list, line 4",
        ],
    ),
    (
        "[[person]]\nid = \"A\"\nage = 121\n[[person]]\nid = \"B\"\nage = -1\n[[person]]\nid = \"C\"\nage = 14.5\n[[person]]\nid = \"D\"\nage = \"14\"\n",
        &[
            "person A: age must be whole years 0 to 120, \"child\", \"adult\" or \"not-known\", not 121, line 3",
            "person B: age must be whole years 0 to 120, \"child\", \"adult\" or \"not-known\", not -1, line 6",
            "person C: age must be whole years 0 to 120, \"child\", \"adult\" or \"not-known\", not 14.5, line 9",
            "person D: age must be whole years 0 to 120, \"child\", \"adult\" or \"not-known\", not \"14\", line 12",
        ],
    ),
    (
        "[[person]]\nid = \"A\"\nage = 99999999999999999999\n",
        &[
            "person A: age must be whole years 0 to 120, \"child\", \"adult\" or \"not-known\", not 99999999999999999999, line 3",
        ],
    ),
    (
        "[[person]]\nid = \"A\"\npart = \"sent\"\n",
        &[
            "person A: part must be a list; each must be one of pictured, made, sent, received, forwarded, requested, targeted, reporting, parent-or-carer, other, not \"sent\", line 3",
        ],
    ),
    (
        "[[person]]\nid = \"A\"\n[[person]]\nid = \"A\"\n[[device]]\nid = \"A\"\n[[device]]\nid = \"A\"\n",
        &[
            "person A: is given twice, line 3; every id is used once",
            "device A: is given twice, line 7; every id is used once",
        ],
    ),
    (
        "[[person]]\nid = \"\"\n[[person]]\nid = \"A B\"\n[[person]]\nid = \"é\"\n[[person]]\nid = 7\n[[person]]\nage = 14\n",
        &[
            "person 1: id \"\" is not allowed, line 2; use 1 to 32 letters, digits, - or _",
            "person 2: id \"A B\" is not allowed, line 4; use 1 to 32 letters, digits, - or _",
            "person 3: id \"é\" is not allowed, line 6; use 1 to 32 letters, digits, - or _",
            "person 4: id 7 is not allowed, line 8; use 1 to 32 letters, digits, - or _",
            "person 5: has no id, line 9; add id = \"A\"",
        ],
    ),
    (
        "[[person]]\nid = \"abcdefghijklmnopqrstuvwxyz0123456\"\n[[person]]\nid = \"abcdefghijklmnopqrstuvwxyz012345\"\n",
        &[
            "person 1: id \"abcdefghijklmnopqrstuvwxyz0123456\" is not allowed, line 2; use 1 to 32 letters, digits, - or _",
        ],
    ),
    (
        "[[person]]\nid = \"A\"\n\n[[device]]\nid = \"D\"\nused_or_owned_by = [\"A\", \"B\"]\n",
        &[
            "device D: used_or_owned_by names \"B\", who is not among the people, line 6; add a [[person]] with this id, or take it out",
        ],
    ),
    (
        "[[device]]\nid = \"D\"\nused_or_owned_by = \"A\"\n",
        &["device D: used_or_owned_by must be a list of ids of people, not \"A\", line 3"],
    ),
    (
        "done = [\"vpa:A\", \"vpa\", \"vpa:B\", \"vap:A\", \"welfare-check\", \"checks:location\", \"checks-location\"]\n[[person]]\nid = \"A\"\n",
        &[
            "done: \"vpa\" is for nobody and nothing in this report, line 1; a duty is named with whom it is for: \"vpa:A\"",
            "done: \"vpa:B\" is for nobody and nothing in this report, line 1; a duty is named with whom it is for: \"vpa:A\"",
            "done: \"vap:A\" is no duty of this guidance, line 1; a duty is named with whom it is for: \"vpa:A\"",
            "done: \"checks-location\" is no duty of this guidance; did you mean \"checks:location\"?, line 1; a duty is named with whom it is for: \"vpa:A\"",
        ],
    ),
    // "checks:location" would be two duties, and doing one would stand for both.
    (
        "done = [\"checks:location\"]\n[[person]]\nid = \"location\"\npart = [\"sent\"]\n[[person]]\nid = \"locations\"\n[[device]]\nid = \"location\"\n",
        &[
            "person location: the id is taken: the duty \"checks:location\" of the report ends with it, line 3; give another id",
            "device location: the id is taken: the duty \"checks:location\" of the report ends with it, line 8; give another id",
        ],
    ),
    // A wrong id hides nothing else of its entry, and of a list every wrong item is told with its own line.
    (
        "[[person]]\nid = \"A B\"\nage = 200\nthreatend = \"yes\"\npart = [\n  \"sent\",\n  \"watched\",\n  7,\n]\n[[device]]\nholds_evidence = 1\nused_or_owned_by = [\n  \"Z\",\n  \"é\",\n  \"Y\",\n]\n",
        &[
            "person 1: id \"A B\" is not allowed, line 2; use 1 to 32 letters, digits, - or _",
            "person 1: age must be whole years 0 to 120, \"child\", \"adult\" or \"not-known\", not 200, line 3",
            "person 1: unknown fact \"threatend\", line 4; did you mean \"threatened\"?",
            "person 1: part must be a list; each must be one of pictured, made, sent, received, forwarded, requested, targeted, reporting, parent-or-carer, other, not \"watched\", line 7",
            "person 1: part must be a list; each must be one of pictured, made, sent, received, forwarded, requested, targeted, reporting, parent-or-carer, other, not 7, line 8",
            "device 1: has no id, line 10; add id = \"A\"",
            "device 1: holds_evidence must be \"yes\", \"no\" or \"not-known\", not 1, line 11",
            "device 1: used_or_owned_by names \"Z\", who is not among the people, line 13; add a [[person]] with this id, or take it out",
            "device 1: used_or_owned_by must be a list of ids of people, not \"é\", line 14",
            "device 1: used_or_owned_by names \"Y\", who is not among the people, line 15; add a [[person]] with this id, or take it out",
        ],
    ),
    // Somebody whose answers are wrong is there all the same, and each duty is told on its own line.
    (
        "done = [\n  \"vpa:A\",\n  \"vpa:B\",\n  8,\n  \"nothing\",\n]\n[[person]]\nid = \"A\"\nage = 200\n[[device]]\nid = \"D E\"\n[[device]]\nid = \"F\"\nused_or_owned_by = [\"A\", \"C\"]\n",
        &[
            "done: \"vpa:B\" is for nobody and nothing in this report, line 3; a duty is named with whom it is for: \"vpa:A\"",
            "done: 8 is not a word in quotes, line 4; put it in quotes",
            "done: \"nothing\" is no duty of this guidance, line 5; a duty is named with whom it is for: \"vpa:A\"",
            "person A: age must be whole years 0 to 120, \"child\", \"adult\" or \"not-known\", not 200, line 9",
            "device 1: id \"D E\" is not allowed, line 11; use 1 to 32 letters, digits, - or _",
            "device F: used_or_owned_by names \"C\", who is not among the people, line 14; add a [[person]] with this id, or take it out",
        ],
    ),
    (
        "[[person]]\nid = \"A\"\nreason = \"boredom\"\n[[person]]\nid = \"B\"\nreason = \"not-known\"\n",
        &[
            "person A: reason must be one of established-relationship, romantic-interest, attention, other, not-known, not \"boredom\", line 3",
        ],
    ),
    ("[report]\nact_on = \"2024-02-29\"\n", &[]),
    ("[report]\nact_on = \"2000-02-29\"\n", &[]),
    ("[report]\nact_on = \"2023-12-31\"\n", &[]),
    (
        "[report]\n\nact_on = \"2025-02-30\"\n",
        &["report: act_on must be a day that there is, not \"2025-02-30\", line 3"],
    ),
    (
        "[report]\nact_on = \"2025-02-29\"\n",
        &["report: act_on must be a day that there is, not \"2025-02-29\", line 2"],
    ),
    (
        "[report]\nact_on = \"1900-02-29\"\n",
        &["report: act_on must be a day that there is, not \"1900-02-29\", line 2"],
    ),
    (
        "[report]\nact_on = \"2025-04-31\"\n",
        &["report: act_on must be a day that there is, not \"2025-04-31\", line 2"],
    ),
    (
        "[report]\nact_on = \"0000-01-01\"\n",
        &["report: act_on must be a day that there is, not \"0000-01-01\", line 2"],
    ),
    (
        "[report]\nact_on = \"2025-13-01\"\n",
        &["report: act_on must be a day that there is, not \"2025-13-01\", line 2"],
    ),
    (
        "[report]\nact_on = \"2025-1-1\"\n",
        &["report: act_on must be a day written \"2026-11-24\", not \"2025-1-1\", line 2"],
    ),
    ("done = \"vpa:A\"\n", &["done: must be a list of words, not \"vpa:A\", line 1; write [\"…\", \"…\"]"]),
    ("done = [1]\n", &["done: 1 is not a word in quotes, line 1; put it in quotes"]),
    (
        "report = 1\nperson = 2\ndevice = \"three\"\n",
        &[
            "report: must be a table, not 1, line 1; write [report]",
            "person: must be a list of tables, not 2, line 2; write [[person]]",
            "device: must be a list of tables, not \"three\", line 3; write [[device]]",
        ],
    ),
    (
        "person = [1, \"two\"]\n",
        &[
            "person 1: must be a table, not 1, line 1; write [[person]]",
            "person 2: must be a table, not \"two\", line 1; write [[person]]",
        ],
    ),
    ("[person]\nid = \"A\"\n", &["person: must be a list of tables, not a table, line 1; write [[person]]"]),
    ("[[person]]\nid = \"A\"\nid = \"B\"\n", &["not TOML: duplicate key, line 3; keep one of them"]),
    (
        "[report\nimagery = \"yes\"\n",
        &["not TOML: unclosed table, expected `]`, line 1; look at the quotes, brackets and commas of this line"],
    ),
    (
        "[report]\nimagery = \"yes\nrequest = \"no\"\n",
        &[
            "not TOML: invalid basic string, expected `\"`, line 2; look at the quotes, brackets and commas of this line",
        ],
    ),
    (
        "[report]\nimagery = \"yes\0\"\n",
        &[
            "not TOML: invalid basic string, expected non-double-quote visible characters, `\\`, line 2; look at the quotes, brackets and commas of this line",
        ],
    ),
    (
        "done = [\"nothing\"]\n[report]\nimagery = \"perhaps\"\n[[person]]\nid = \"A\"\nage = 200\nthreatend = \"yes\"\n[[device]]\nid = \"D\"\nholds_evidence = 1\nused_or_owned_by = [\"Z\"]\n",
        &[
            "done: \"nothing\" is no duty of this guidance, line 1; a duty is named with whom it is for: \"vpa:A\"",
            "report: imagery must be \"yes\", \"no\" or \"not-known\", not \"perhaps\", line 3",
            "person A: age must be whole years 0 to 120, \"child\", \"adult\" or \"not-known\", not 200, line 6",
            "person A: unknown fact \"threatend\", line 7; did you mean \"threatened\"?",
            "device D: holds_evidence must be \"yes\", \"no\" or \"not-known\", not 1, line 10",
            "device D: used_or_owned_by names \"Z\", who is not among the people, line 11; add a [[person]] with this id, or take it out",
        ],
    ),
];

pub const JSON: &[(&str, &[&str])] = &[
    ("{}", &[]),
    ("{\"report\":{\"imagery\":\"yes\"},\"person\":[{\"id\":\"A\",\"age\":14}]}", &[]),
    ("", &["nothing to read: the text is empty, line 1; write at least {}"]),
    ("   \n", &["nothing to read: the text is empty, line 1; write at least {}"]),
    ("null", &["this is no report, line 1; write a table with [report], [[person]] and [[device]]"]),
    ("[]", &["this is no report, line 1; write a table with [report], [[person]] and [[device]]"]),
    ("\"report\"", &["this is no report, line 1; write a table with [report], [[person]] and [[device]]"]),
    (
        "{\"report\":\n{\"imagery\":\"yes\"",
        &["not JSON: Unterminated object, line 2; look at the quotes, brackets and commas of this line"],
    ),
    (
        "{\"report\":\n{\"imagery\":\"yes\",}}",
        &["not JSON: Trailing commas are not allowed, line 2; look at the quotes, brackets and commas of this line"],
    ),
    (
        "{} {}",
        &[
            "not JSON: Text cannot contain more than one JSON value, line 1; look at the quotes, brackets and commas of this line",
        ],
    ),
    (
        "// a remark\n{}",
        &["not JSON: Comments are not allowed, line 1; look at the quotes, brackets and commas of this line"],
    ),
    (
        "{'report':{}}",
        &[
            "not JSON: Single-quoted strings are not allowed, line 1; look at the quotes, brackets and commas of this line",
        ],
    ),
    (
        "{report:{}}",
        &[
            "not JSON: Expected string for object property, line 1; look at the quotes, brackets and commas of this line",
        ],
    ),
    (
        "{\"report\":{\"imagery\":\"yes\",\n\"imagery\":\"no\"},\n\"report\":{}}",
        &[
            "\"imagery\" is given twice, line 2; keep one of them",
            "\"report\" is given twice, line 3; keep one of them",
        ],
    ),
    (
        "{\"person\":[{\"id\":\"A\",\n\"age\":14.5},\n{\"id\":\"B\",\"age\":-1},\n{\"id\":\"C\",\"age\":1e1},\n{\"id\":\"D\",\"age\":null}]}",
        &[
            "person A: age must be whole years 0 to 120, \"child\", \"adult\" or \"not-known\", not 14.5, line 2",
            "person B: age must be whole years 0 to 120, \"child\", \"adult\" or \"not-known\", not -1, line 3",
            "person C: age must be whole years 0 to 120, \"child\", \"adult\" or \"not-known\", not 1e1, line 4",
            "person D: age must be whole years 0 to 120, \"child\", \"adult\" or \"not-known\", not null, line 5",
        ],
    ),
    ("{\"person\":{\"id\":\"A\"}}", &["person: must be a list of tables, not a table, line 1; write [[person]]"]),
    (
        "{\"report\":{\"imagery\":true}}",
        &["report: imagery must be \"yes\", \"no\" or \"not-known\", not true, line 1"],
    ),
];
