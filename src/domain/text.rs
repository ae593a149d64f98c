//! What people type, made safe for where it is shown: one line, Discord, Markdown documents, a terminal.
//!
//! Clean on the way in ([`clean_line`], [`clean_block`], [`title`]), escape on the way out ([`plain`], [`md`],
//! [`terminal`]), and shorten before escaping.

use std::sync::LazyLock;

use regex::Regex;

/// The longest title: an incident's name has to fit a channel topic, an embed title and a list row.
pub const TITLE_MAX: usize = 100;

/// More marks than any living script puts on one letter; what is beyond is drawn over other people's lines.
const MARKS_PER_LETTER: usize = 4;

/// Breaks a mention without being seen.
const ZERO_WIDTH_SPACE: char = '\u{200B}';

/// One grapheme cluster: what a reader takes for one character.
/// The rules of Unicode Standard Annex 29 as one pattern: <https://unicode.org/reports/tr29/#Table_Combining_Char_Sequences_and_Grapheme_Clusters>
static GRAPHEME: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?xs)
        \r\n
        | [\p{gcb=Prepend}]*
          (?: \p{gcb=L}* (?: \p{gcb=V}+ | \p{gcb=LV} \p{gcb=V}* | \p{gcb=LVT} ) \p{gcb=T}*
            | \p{gcb=L}+ | \p{gcb=T}+
            | \p{Regional_Indicator} \p{Regional_Indicator}
            | \p{Extended_Pictographic} (?: \p{gcb=Extend}* \p{gcb=ZWJ} \p{Extended_Pictographic} )*
            | [^\p{gcb=Control}\r\n] )
          [\p{gcb=Extend}\p{gcb=ZWJ}\p{gcb=SpacingMark}]*
        | .",
    )
});

static MARK: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\p{M}$"));
static PICTOGRAPH: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^[\p{Extended_Pictographic}\p{Emoji_Modifier}\x{FE0F}]$"));
static TIME_TAG: LazyLock<Regex> = LazyLock::new(|| pattern(r"<t:-?\d{1,13}(?::[tTdDfFR])?>"));
static ORDERED_ITEM: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\d{1,9}[.)](?:\s|$)"));

fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("a pattern of our own, compiled by the tests")
}

fn is(class: &Regex, c: char) -> bool {
    !c.is_ascii() && class.is_match(c.encode_utf8(&mut [0; 4]))
}

/// Characters that turn the reading direction of what follows ("Trojan source", CVE-2021-42574):
/// <https://trojansource.codes/>
fn turns_direction(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' | '\u{061C}')
}

/// Characters that nobody sees and that only hide, split or pad words. Joiners are judged apart.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{034F}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}' | '\u{200B}'
        | '\u{2060}'..='\u{2065}' | '\u{206A}'..='\u{206F}' | '\u{FE00}'..='\u{FE0E}' | '\u{FEFF}'
        | '\u{FFF0}'..='\u{FFFB}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

/// White space, and the letters that look like it.
fn is_blank(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '\u{115F}' | '\u{1160}' | '\u{2800}' | '\u{3164}' | '\u{FFA0}'
        )
}

/// Drops what no reader should meet: control characters except line breaks, turned directions, invisible
/// characters, joiners that join nothing, piles of marks. Other blanks become spaces; line breaks become `\n`.
fn scrub(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let mut out = String::with_capacity(text.len());
    let mut marks = 0;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let before = out.chars().next_back();
        let kept = match c {
            '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{B}' | '\u{C}' => Some('\n'),
            _ if is_blank(c) => Some(' '),
            _ if c.is_control() || turns_direction(c) || is_invisible(c) => None,
            // Joiners hold emoji together, and letters in Persian or Hindi.
            '\u{200C}' | '\u{200D}' => {
                let after = chars.peek().copied();
                let emoji = before.is_some_and(|b| is(&PICTOGRAPH, b))
                    && after.is_some_and(|a| is(&PICTOGRAPH, a));
                let letter = |o: Option<char>| {
                    o.is_some_and(|o| !o.is_ascii() && (o.is_alphabetic() || is(&MARK, o)))
                };
                let wanted = (emoji && c == '\u{200D}') || (letter(before) && letter(after));
                wanted.then_some(c)
            }
            _ => Some(c),
        };
        let Some(kept) = kept else { continue };
        if is(&MARK, kept) {
            marks += 1;
            if marks > MARKS_PER_LETTER {
                continue;
            }
        } else {
            marks = 0;
        }
        out.push(kept);
    }
    out
}

/// The text on one line: line breaks and runs of blanks become one space, nothing unseen is left.
pub fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in scrub(text).split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// [`one_line`], and no longer than `max_chars`.
pub fn clean_line(text: &str, max_chars: usize) -> String {
    shorten(&one_line(text), max_chars)
}

/// Keeps lines, at most two blank ones in a row, none at either end; no longer than `max_chars`.
pub fn clean_block(text: &str, max_chars: usize) -> String {
    let scrubbed = scrub(text);
    let mut out = String::with_capacity(scrubbed.len());
    let mut blank = 0;
    for line in scrubbed.split('\n').map(str::trim_end) {
        if line.is_empty() {
            blank += 1;
            continue;
        }
        if !out.is_empty() {
            out.push_str(&"\n\n\n"[..=blank.min(2)]);
        }
        blank = 0;
        out.push_str(line);
    }
    shorten(out.trim(), max_chars)
}

/// Why a text cannot be a title. `Display` is a whole sentence for the person who typed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TitleFault {
    /// Nothing is left to read.
    #[error(
        "A title has 1–{TITLE_MAX} characters; this one is empty. Say in a few words what is wrong, and send it again."
    )]
    Empty,
    /// Longer than [`TITLE_MAX`].
    #[error(
        "A title has 1–{TITLE_MAX} characters; this one has {chars}. Shorten it and send it again; the rest fits the summary."
    )]
    TooLong {
        /// How many it has once cleaned.
        chars: usize,
    },
}

/// A title as it is stored: one clean line of 1–100 characters. It is not shortened silently.
pub fn title(typed: &str) -> Result<String, TitleFault> {
    let title = one_line(typed);
    match title.chars().count() {
        0 => Err(TitleFault::Empty),
        1..=TITLE_MAX => Ok(title),
        chars => Err(TitleFault::TooLong { chars }),
    }
}

/// At most `max_chars` characters, the last being `…` if something was cut. Cuts between what readers take for
/// characters, never inside an emoji, an accent, an escape pair or a link in angle brackets.
pub fn shorten(text: &str, max_chars: usize) -> String {
    if text.chars().count() <= max_chars {
        return text.to_owned();
    }
    if max_chars == 0 {
        return String::new();
    }
    let mut end = 0;
    let mut chars = 0;
    for cluster in GRAPHEME.find_iter(text) {
        chars += cluster.as_str().chars().count();
        if chars > max_chars - 1 {
            break;
        }
        end = cluster.end();
    }
    let mut kept = &text[..end];
    if let Some(open) = kept.to_ascii_lowercase().rfind("<http")
        && !kept[open..].contains('>')
    {
        kept = &kept[..open];
    }
    // An underscore within a word would stand at its end.
    kept = kept.trim_end().trim_end_matches('_');
    let slashes = kept.len() - kept.trim_end_matches('\\').len();
    if slashes % 2 == 1 {
        kept = &kept[..kept.len() - 1];
    }
    format!("{}…", kept.trim_end())
}

/// User text quoted inside a sentence of ours: one short line, inert in Discord.
pub fn quote(typed: &str) -> String {
    format!("“{}”", plain(&clean_line(typed, 60)))
}

/// User text that Discord shows as it was typed: no mention, emoji, time, command, heading, list, quote, code,
/// spoiler or masked link comes alive in it. Web addresses stay, in angle brackets, so that they grow no preview.
///
/// Rules: <https://discord.com/developers/docs/reference#message-formatting>,
/// <https://support.discord.com/hc/en-us/articles/210298617-Markdown-Text-101>. A backslash takes the meaning from
/// any punctuation, but the server finds mentions without looking at backslashes: those are split instead.
pub fn plain(text: &str) -> String {
    let text = scrub(text);
    let mut out = String::with_capacity(text.len() + 16);
    for (n, line) in text.split('\n').enumerate() {
        if n > 0 {
            out.push('\n');
        }
        plain_line(line, &mut out);
    }
    out
}

/// Like [`plain`], but time tags stay alive: each reader sees their own zone. For customer texts,
/// whose template writes when we speak next.
pub fn plain_with_times(text: &str) -> String {
    let text = scrub(text);
    let mut out = String::with_capacity(text.len() + 16);
    let mut at = 0;
    for tag in TIME_TAG.find_iter(&text) {
        out.push_str(&plain(&text[at..tag.start()]));
        out.push_str(tag.as_str());
        at = tag.end();
    }
    out.push_str(&plain(&text[at..]));
    out
}

fn plain_line(line: &str, out: &mut String) {
    let body = line.trim_start();
    let start = line.len() - body.len();
    out.push_str(&line[..start]);
    let mut at = start;
    if ORDERED_ITEM.is_match(body) {
        let digits = body.bytes().take_while(u8::is_ascii_digit).count();
        out.push_str(&body[..digits]);
        out.push('\\');
        out.push_str(&body[digits..=digits]);
        at += digits + 1;
    } else if opens_block(body) {
        out.push('\\');
        out.push_str(&body[..1]);
        at += 1;
    }
    while let Some(c) = line[at..].chars().next() {
        let rest = &line[at..];
        if let Some(url) = web_address(rest) {
            push_link(url, false, out);
            at += url.len();
            continue;
        }
        if c == '<'
            && let Some(url) = web_address(&rest[1..])
            && rest[1 + url.len()..].starts_with('>')
        {
            push_link(url, false, out);
            at += url.len() + 2;
            continue;
        }
        if let Some(scheme) = web_scheme(rest) {
            // No address yet; whatever is put behind it must not become one.
            let name = scheme.trim_end_matches("://");
            out.push_str(name);
            out.push_str("\\://");
            at += scheme.len();
            continue;
        }
        let before = line[..at].chars().next_back();
        let after = rest[c.len_utf8()..].chars().next();
        let escaped = match c {
            '*' | '`' | '\\' => true,
            // A bracket goes before an address, and ends the word.
            '_' => !within_word(before, after) || web_address(&rest[1..]).is_some(),
            '~' | '|' => before == Some(c) || after == Some(c),
            '(' => before == Some(']'),
            '<' => !after
                .is_none_or(|a| a.is_whitespace() || a.is_ascii_digit() || matches!(a, '=' | '-')),
            _ => false,
        };
        if escaped {
            out.push('\\');
        }
        out.push(c);
        if c == '@' && (before == Some('<') || names_all(&rest[1..])) {
            out.push(ZERO_WIDTH_SPACE);
        }
        at += c.len_utf8();
    }
}

/// Whether a line of Discord markdown that begins so is a heading, small print, a list item or a quote.
fn opens_block(body: &str) -> bool {
    let then_blank = |rest: &str| rest.is_empty() || rest.starts_with(char::is_whitespace);
    match body.as_bytes().first() {
        Some(b'#') => then_blank(body.trim_start_matches('#')),
        Some(b'-') => then_blank(&body[1..]) || body.starts_with("-#"),
        Some(b'+') => then_blank(&body[1..]),
        Some(b'>') => true,
        _ => false,
    }
}

/// Discord's emphasis with `_` ends only before something that is no word character, so one within a word is inert.
fn within_word(before: Option<char>, after: Option<char>) -> bool {
    let word = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    word(before) && word(after)
}

/// Whether what follows an `@` makes it a mention of everybody.
fn names_all(rest: &str) -> bool {
    ["everyone", "here"].iter().any(|name| {
        rest.get(..name.len())
            .is_some_and(|r| r.eq_ignore_ascii_case(name))
    })
}

fn web_scheme(text: &str) -> Option<&str> {
    ["https://", "http://"]
        .into_iter()
        .filter_map(|s| text.get(..s.len()).filter(|t| t.eq_ignore_ascii_case(s)))
        .next()
}

/// The web address that `text` begins with. Punctuation that ends a sentence is not part of it.
fn web_address(text: &str) -> Option<&str> {
    let scheme = web_scheme(text)?;
    let end = text
        .find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '“' | '”'))
        .unwrap_or(text.len());
    let mut url = &text[..end];
    while let Some(last) = url.chars().next_back() {
        let drop = match last {
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '…' | '*' | '_' | '~' | '|' | '`' | '\\' => {
                true
            }
            ')' => url.matches(')').count() > url.matches('(').count(),
            ']' => url.matches(']').count() > url.matches('[').count(),
            _ => false,
        };
        if !drop {
            break;
        }
        url = &url[..url.len() - last.len_utf8()];
    }
    (url.len() > scheme.len()).then_some(url)
}

/// A link in angle brackets, with whatever could be read as markup written as `%XX`
/// (<https://www.rfc-editor.org/rfc/rfc3986#section-2.1>).
fn push_link(url: &str, document: bool, out: &mut String) {
    out.push('<');
    // In small letters, as whoever looks for links expects it.
    let scheme = web_scheme(url).unwrap_or_default();
    out.push_str(&scheme.to_ascii_lowercase());
    let url = &url[scheme.len()..];
    let mut before = None;
    for (i, c) in url.char_indices() {
        let rest = &url[i + c.len_utf8()..];
        let hidden = match c {
            '*' | '`' | '|' | '\\' | '[' | ']' => true,
            '_' => !within_word(before, rest.chars().next()),
            '~' => before == Some('~') || rest.starts_with('~'),
            '@' => names_all(rest) || rest.starts_with(ZERO_WIDTH_SPACE),
            ';' => document,
            _ => false,
        };
        if hidden {
            out.push_str(&format!("%{:02X}", u32::from(c)));
        } else {
            out.push(c);
        }
        before = Some(c);
    }
    out.push('>');
}

/// User text inside a Markdown document (GitHub's dialect, <https://github.github.com/gfm/>): shown as typed, lines
/// kept, nothing read as markup or HTML. Where only one line fits, such as a heading, give it [`one_line`].
pub fn md(text: &str) -> String {
    let text = scrub(text);
    let mut out = String::with_capacity(text.len() + 16);
    let mut lines = text.split('\n').map(str::trim).peekable();
    while let Some(line) = lines.next() {
        md_line(line, &mut out);
        if let Some(next) = lines.peek() {
            // A lone line break would run the lines together.
            out.push_str(if line.is_empty() || next.is_empty() {
                "\n"
            } else {
                "\\\n"
            });
        }
    }
    out
}

/// [`md`] for a table cell: always one line.
pub fn md_cell(text: &str) -> String {
    md(&one_line(text))
}

fn md_line(line: &str, out: &mut String) {
    let mut at = 0;
    if ORDERED_ITEM.is_match(line) {
        at = line.bytes().take_while(u8::is_ascii_digit).count();
        out.push_str(&line[..at]);
        out.push('\\');
        out.push_str(&line[at..=at]);
        at += 1;
    } else if line.starts_with(['#', '-', '+', '=', ':']) {
        out.push('\\');
        out.push_str(&line[..1]);
        at = 1;
    }
    while let Some(c) = line[at..].chars().next() {
        let rest = &line[at..];
        if let Some(url) = web_address(rest) {
            push_link(url, true, out);
            at += url.len();
            continue;
        }
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '_' if within_word(line[..at].chars().next_back(), rest[1..].chars().next())
                && web_address(&rest[1..]).is_none() =>
            {
                out.push('_')
            }
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '!' | '$' => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
        at += c.len_utf8();
    }
}

/// User text for a terminal: control characters, escape sequences among them, and turned directions show as `�`;
/// line breaks and tabs stay.
pub fn terminal(text: &str) -> String {
    text.replace("\r\n", "\n")
        .chars()
        .filter(|c| !is_invisible(*c) || *c == ZERO_WIDTH_SPACE)
        .map(|c| match c {
            '\n' | '\t' => c,
            c if c.is_control() || turns_direction(c) || matches!(c, '\u{2028}' | '\u{2029}') => {
                '�'
            }
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_line_has_no_breaks_and_nothing_unseen() {
        assert_eq!(
            clean_line("  a\r\nb\t\tc\u{202E}d\u{2066}e\u{200B}f\u{7}  ", 100),
            "a b cdef"
        );
        assert_eq!(clean_line("checkout down again", 10), "checkout…");
        assert_eq!(one_line("\u{3164}\u{2800}"), "");
    }

    #[test]
    fn joiners_stay_where_they_join_something() {
        assert_eq!(one_line("👩‍🚒 می‌خواهم a\u{200D}b"), "👩‍🚒 می‌خواهم ab");
    }

    #[test]
    fn a_pile_of_marks_is_cut_down() {
        let pile = format!("a{}", "\u{301}".repeat(50));
        assert_eq!(one_line(&pile).chars().count(), 1 + MARKS_PER_LETTER);
    }

    #[test]
    fn a_block_keeps_its_lines_and_two_blank_ones() {
        assert_eq!(
            clean_block("\n\na  \n  b\r\n\n\n\n\nc\n\nd\n\n", 100),
            "a\n  b\n\n\nc\n\nd"
        );
    }

    #[test]
    fn a_title_is_taken_whole_or_refused_with_its_length() {
        assert_eq!(
            title(" Checkout\nis down "),
            Ok("Checkout is down".to_owned())
        );
        assert_eq!(title(" \u{200B}\n"), Err(TitleFault::Empty));
        assert_eq!(title(&"é".repeat(100)).map(|t| t.chars().count()), Ok(100));
        let fault = title(&"x".repeat(300)).unwrap_err();
        assert_eq!(
            fault.to_string(),
            "A title has 1–100 characters; this one has 300. Shorten it and send it again; the rest fits the summary."
        );
    }

    #[test]
    fn shortening_cuts_between_characters_as_readers_see_them() {
        assert_eq!(shorten("short", 5), "short");
        assert_eq!(shorten("shorter", 5), "shor…");
        assert_eq!(shorten("ab👩‍🚒cd", 5), "ab…");
        assert_eq!(shorten("cafe\u{301}s", 5), "caf…");
        assert_eq!(shorten("🇩🇪🇫🇷", 3), "🇩🇪…");
        assert_eq!(shorten(r"ab\*cd", 4), "ab…");
        assert_eq!(shorten("see <https://example.com/a/b> now", 20), "see…");
        assert_eq!(shorten("anything", 0), "");
        assert_eq!(shorten("anything", 1), "…");
    }

    #[test]
    fn ordinary_words_are_left_as_they_are() {
        for text in [
            "Checkout is down (EU only), ~5 % of orders; latency < 2 s -> rising",
            "[EU] order_service_v2 #2 isn't answering: a|b, bob@example.com",
            "Größe 3 & mehr – 東京",
        ] {
            assert_eq!(plain(text), text);
        }
    }

    #[test]
    fn markup_is_shown_as_typed() {
        assert_eq!(
            plain("**b** _i_ __u__ ~~s~~ ||spoiler|| `code`"),
            r"\*\*b\*\* \_i\_ \_\_u\_\_ \~\~s\~\~ \|\|spoiler\|\| \`code\`"
        );
        assert_eq!(
            plain("# Big\n  - item\n1. one\n> said\n>>> all\n-# small\n* star"),
            "\\# Big\n  \\- item\n1\\. one\n\\> said\n\\>>> all\n\\-# small\n\\* star"
        );
        assert_eq!(plain("```\nrm -rf\n```"), "\\`\\`\\`\nrm -rf\n\\`\\`\\`");
        assert_eq!(plain(r"\* C:\temp"), r"\\\* C:\\temp");
        assert_eq!(
            plain("[click](https://evil.example)"),
            r"[click]\(<https://evil.example>)"
        );
    }

    #[test]
    fn nobody_is_mentioned_and_nothing_is_rendered() {
        assert_eq!(plain("@everyone @here"), "@\u{200B}everyone @\u{200B}here");
        assert_eq!(
            plain("<@1> <@!1> <@&2> <#3>"),
            "\\<@\u{200B}1> \\<@\u{200B}!1> \\<@\u{200B}&2> \\<#3>"
        );
        assert_eq!(
            plain("<t:1:R> <:a:1> <a:b:2> </go:3> <id:guide>"),
            r"\<t:1:R> \<:a:1> \<a:b:2> \</go:3> \<id:guide>"
        );
        assert_eq!(plain("@\u{200D}everyone"), "@\u{200B}everyone");
    }

    #[test]
    fn addresses_stay_usable_and_grow_no_preview() {
        assert_eq!(
            plain("see https://a.example/x_y?q=1&r=(2)."),
            "see <https://a.example/x_y?q=1&r=(2)>."
        );
        assert_eq!(plain("<https://a.example>"), "<https://a.example>");
        assert_eq!(plain("(https://a.example)"), "(<https://a.example>)");
        assert_eq!(
            plain("https://a.example/@everyone"),
            "<https://a.example/%40everyone>"
        );
        assert_eq!(
            plain("[a https://a.example/](https://b.example)"),
            "[a <https://a.example/%5D(https://b.example)>"
        );
        assert_eq!(
            plain("see_https://a.example _"),
            r"see\_<https://a.example> \_"
        );
        assert_eq!(plain("https:// nowhere"), r"https\:// nowhere");
    }

    #[test]
    fn a_document_shows_text_as_typed() {
        assert_eq!(
            md("# no heading\n- no item\n1) no\n=== no\n<b>&amp; *x* |"),
            "\\# no heading\\\n\\- no item\\\n1\\) no\\\n\\=== no\\\n&lt;b&gt;&amp;amp; \\*x\\* \\|"
        );
        assert_eq!(md("    code\n\nnext"), "code\n\nnext");
        assert_eq!(
            md("a_b _c_ https://a.example/a_b_"),
            "a_b \\_c\\_ <https://a.example/a_b>\\_"
        );
        assert_eq!(md_cell("a | b\nc"), "a \\| b c");
    }

    #[test]
    fn a_terminal_gets_no_escape_sequence() {
        assert_eq!(
            terminal("a\u{1b}[31mred\u{9b}0m\n\tb\u{202E}"),
            "a�[31mred�0m\n\tb�"
        );
    }

    /// Reads Discord markdown on its own terms and names the first thing that is alive in it.
    fn alive(text: &str) -> Option<String> {
        // The server's view: mentions count wherever they stand.
        static SERVER: LazyLock<Regex> =
            LazyLock::new(|| pattern(r"(?i)<@[!&]?\d+>|@everyone|@here"));
        if let Some(found) = SERVER.find(text) {
            return Some(found.as_str().to_owned());
        }
        // The client's view: escapes and bracketed links are taken out first, each leaving a neutral letter.
        static CLIENT: LazyLock<Regex> =
            LazyLock::new(|| pattern(r"\\[^0-9A-Za-z\s]|<https?://[^\s<>]+>"));
        let bare = CLIENT.replace_all(text, "\u{E000}");
        static MARKUP: LazyLock<Regex> = LazyLock::new(|| {
            pattern(
                r"(?mx) <[@\#:/] | <a?:\w | <t: | <id: | \*\S | ` | \|\| | ~~ | __ | \]\( | https?://\S
              | (?:^|[^0-9A-Za-z])_ | _(?:[^0-9A-Za-z]|$)
              | ^\s*\#{1,6}\s | ^\s*-\#\s | ^\s*[-*+]\s | ^\s*\d+\.\s | ^\s*>",
            )
        });
        MARKUP.find(&bare).map(|m| m.as_str().to_owned())
    }

    #[test]
    fn the_scanner_of_these_tests_sees_what_is_alive() {
        for text in [
            "<@1>",
            "@here",
            "**b**",
            "a _b_",
            "> q",
            "# h",
            "1. x",
            "https://a.b",
            "[a](b)",
            "||x||",
            "<t:1>",
        ] {
            assert!(alive(text).is_some(), "{text}");
        }
    }

    fn hostile() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            prop::sample::select(vec![
                "<@1>",
                "<@!12>",
                "<@&3>",
                "<#4>",
                "@everyone",
                "@here",
                "<t:1:R>",
                "<:e:5>",
                "<a:e:5>",
                "</c:6>",
                "**",
                "*",
                "__",
                "_",
                "~~",
                "~",
                "||",
                "|",
                "`",
                "```",
                "\\",
                "[",
                "](",
                ")",
                "(",
                "<",
                ">",
                "# ",
                "- ",
                "-# ",
                "1. ",
                "\n",
                " ",
                "https://a.b/",
                "http://",
                "HTTPS://x_",
                "@",
                "everyone",
                "\u{200B}",
                "\u{200D}",
                "\u{202E}",
                "a",
                "1",
                "é",
                "👩‍🚒",
                "\u{301}",
                "\t",
                "\r",
                "\u{2028}",
                "\u{0}",
                "…",
            ])
            .prop_map(str::to_owned),
            any::<char>().prop_map(String::from),
        ];
        prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
    }

    #[test]
    fn time_tags_of_a_customer_text_stay_alive_and_nothing_else_does() {
        let text =
            plain_with_times("Next by <t:1784048160:t> (<t:1784048160:R>). <@1> @everyone **x**");
        assert!(
            text.starts_with("Next by <t:1784048160:t> (<t:1784048160:R>)."),
            "{text}"
        );
        assert!(
            !text.contains("<@1>") && !text.contains("@everyone"),
            "{text}"
        );
        assert!(text.contains("\\*\\*x"), "{text}");
    }

    proptest! {
        #[test]
        fn whatever_is_typed_stays_inert(text in hostile()) {
            let shown = plain(&text);
            prop_assert_eq!(alive(&shown), None, "{:?} became {:?}", text, shown);
        }

        #[test]
        fn a_shortened_inert_text_mentions_nobody_and_keeps_to_its_length(text in hostile(), max in 0usize..40) {
            let shown = shorten(&plain(&text), max);
            prop_assert!(shown.chars().count() <= max);
            prop_assert_eq!(alive(&shown), None, "{:?} became {:?}", text, shown);
        }

        #[test]
        fn cleaning_twice_changes_nothing_more(text in hostile()) {
            let line = one_line(&text);
            prop_assert_eq!(one_line(&line), line.clone());
            let unwanted = line.contains(['\n', '\r', '\u{202E}', '\u{0}']);
            prop_assert!(!unwanted, "{:?}", line);
            let block = clean_block(&text, 500);
            prop_assert_eq!(clean_block(&block, 500), block.clone());
            prop_assert!(!block.contains("\n\n\n\n"));
        }

        #[test]
        fn a_cell_never_leaves_its_table(text in hostile()) {
            let cell = md_cell(&text);
            static ESCAPES: LazyLock<Regex> = LazyLock::new(|| pattern(r"\\[^0-9A-Za-z\s]"));
            let bare = ESCAPES.replace_all(&cell, "");
            prop_assert!(!bare.contains(['|', '\n', '`', '*']), "{}", cell);
            static LINKS: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)<https?://[^\s<>]+>"));
            prop_assert!(!LINKS.replace_all(&bare, "").contains('<'), "{}", cell);
        }

        #[test]
        fn no_control_character_reaches_a_terminal(text in hostile()) {
            prop_assert!(terminal(&text).chars().all(|c| matches!(c, '\n' | '\t') || !(c.is_control() || turns_direction(c))));
        }
    }
}
