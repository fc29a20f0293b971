//! What the command line says about itself, in Chinese: help, and why a command could not be understood. The names of commands
//! and options stay as they are; only the words around them are ours instead of the library's.

use std::{
    ffi::OsString,
    fmt::Display,
    net::{AddrParseError, SocketAddr},
    num::{IntErrorKind, ParseIntError},
    ops::RangeInclusive,
    process::ExitCode,
    str::FromStr,
};

use chrono::NaiveDate;
use clap::{
    Arg, ArgAction, Command, CommandFactory as _, FromArgMatches as _,
    error::{ContextKind, ContextValue, ErrorKind},
};

use crate::cli::{Cli, complain, say_line};

/// Reads the command line. Help is printed, and what makes no sense is answered with a sentence and exit code 2.
///
/// # Errors
/// The exit code with which the program ends now.
pub fn read(arguments: impl IntoIterator<Item = OsString>) -> Result<Cli, ExitCode> {
    let mut command = worded(Cli::command());
    let read = command.try_get_matches_from_mut(arguments).and_then(|found| Cli::from_arg_matches(&found));
    read.map_err(|error| {
        let text = told(&error);
        if error.use_stderr() {
            complain(text.trim_end());
        } else {
            say_line(text.trim_end());
        }
        ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
    })
}

/// A day of an option.
pub(crate) fn day(text: &str) -> Result<NaiveDate, String> {
    let form = || String::from("日期应写成 2023-12-31 这样的形式");
    let read = NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d").map_err(|_| form())?;
    kit::clock::parse_day(&read.to_string())
        .ok_or_else(|| String::from("日期应在 1900-01-01 到 2199-12-31 之间"))
}

/// A whole number of an option, within `bounds`.
pub(crate) fn number<T>(bounds: RangeInclusive<T>) -> impl Fn(&str) -> Result<T, String> + Clone + Send + Sync
where
    T: FromStr<Err = ParseIntError> + PartialOrd + Display + Clone + Send + Sync + 'static,
{
    move |text| match text.parse::<T>() {
        Ok(number) if bounds.contains(&number) => Ok(number),
        _ => Err(format!("应是 {} 到 {} 之间的整数", bounds.start(), bounds.end())),
    }
}

fn is_too_large(error: &ParseIntError) -> bool {
    matches!(error.kind(), IntErrorKind::PosOverflow | IntErrorKind::NegOverflow)
}

/// The command and those below it with our words around their names.
fn worded(command: Command) -> Command {
    let is_root = command.get_name() == "xuncha";
    let has = |wanted: fn(&Arg) -> bool| command.get_arguments().any(wanted);
    let mut template = String::from("{about-with-newline}\n用法：{usage}\n");
    if command.has_subcommands() {
        template.push_str("\n命令：\n{subcommands}\n");
    }
    if has(Arg::is_positional) {
        template.push_str("\n参数：\n{positionals}\n");
    }
    template.push_str("\n选项：\n{options}{after-help}\n");
    let help = Arg::new("help").short('h').long("help").help("显示这份说明").action(ArgAction::Help);
    let mut command = command
        .help_template(template)
        .disable_help_flag(true)
        .subcommand_value_name("命令")
        .mut_args(worded_argument)
        .mut_subcommands(worded)
        .arg(help);
    if is_root {
        let version =
            Arg::new("version").short('V').long("version").help("显示版本").action(ArgAction::Version);
        command = command.disable_version_flag(true).arg(version);
    }
    command
}

fn worded_argument(argument: Arg) -> Arg {
    if argument.get_id() == "json" && argument.get_help().is_none() {
        return argument.help("以 JSON 打印结果");
    }
    if !argument.get_action().takes_values() {
        return argument;
    }
    let mut beside = Vec::new();
    let usual: Vec<_> = argument.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
    if !usual.concat().is_empty() {
        beside.push(format!("不填则为 {}", usual.join("、")));
    }
    if let Some(variable) = argument.get_env() {
        beside.push(format!("也可以用环境变量 {}", variable.to_string_lossy()));
    }
    let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
    let help = if beside.is_empty() { help } else { format!("{help}（{}）", beside.join("；")) };
    let named = placeholder(&argument);
    let argument = argument.help(help).hide_default_value(true).hide_env(true).hide_possible_values(true);
    match named {
        Some(named) => argument.value_name(named),
        None => argument,
    }
}

/// What stands in angle brackets for the value of an argument.
fn placeholder(argument: &Arg) -> Option<&'static str> {
    let name = argument.get_value_names().and_then(|names| names.first())?.as_str();
    PLACEHOLDERS.iter().find(|(english, _)| *english == name).map(|(_, chinese)| *chinese)
}

/// Values by the name the code gives them, or by the argument's in capitals when it gives none.
const PLACEHOLDERS: [(&str, &str); 31] = [
    ("DIR", "目录"),
    ("URL", "数据库地址"),
    ("YYYY-MM-DD", "年-月-日"),
    ("N", "数字"),
    ("LETTER=KEY", "列字母=列名"),
    ("KEY=TEXT", "列名=内容"),
    ("FILE", "文件"),
    ("FILE.parquet", "文件.parquet"),
    ("FINGERPRINT", "指纹"),
    ("DOMAIN", "领域"),
    ("[DOMAIN.]TABLE", "[领域.]表名"),
    ("[TABLE=]FILE", "[表名=]文件"),
    ("FIELD=COLUMN", "字段=列名"),
    ("NAME=VALUE", "名称=值"),
    ("COLUMN", "列名"),
    ("ENGINE", "引擎"),
    ("LISTEN", "地址:端口"),
    ("SEED", "种子"),
    ("OFFICE", "单位"),
    ("KIND", "种类"),
    ("NOUN", "种类"),
    ("FOLDER", "目录"),
    ("SHEET", "工作表"),
    ("PART", "工作表"),
    ("QUERY", "条件"),
    ("AS_OF", "年-月-日"),
    ("YEAR", "年度"),
    ("MODEL", "模型"),
    ("MODELS", "模型"),
    ("MOST", "数字"),
    ("MEMORY", "兆字节"),
];

/// What `error` says, in Chinese: help and version too come as errors.
fn told(error: &clap::Error) -> String {
    match error.kind() {
        ErrorKind::DisplayHelp
        | ErrorKind::DisplayVersion
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => chinese(&error.render().to_string()),
        _ => {
            let usage = match error.get(ContextKind::Usage) {
                Some(ContextValue::StyledStr(usage)) => chinese(&usage.to_string()),
                _ => String::new(),
            };
            let usage = usage.trim_end();
            let break_line = if usage.is_empty() { "" } else { "\n" };
            let (why, advice) = (sentence(error), advice(error));
            format!("{why}。{advice}{break_line}{usage}\n加上 --help 可以看到说明。")
        }
    }
}

/// The two words of a line of usage that no setting of the library changes.
fn chinese(usage: &str) -> String {
    usage.replace("[OPTIONS]", "[选项]").replace("Usage: ", "用法：")
}

/// One of the things the error is about.
fn about(error: &clap::Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join("、"),
        Some(ContextValue::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

fn sentence(error: &clap::Error) -> String {
    let argument = about(error, ContextKind::InvalidArg);
    let value = about(error, ContextKind::InvalidValue);
    match error.kind() {
        ErrorKind::InvalidSubcommand => {
            format!("没有名为 {} 的命令", about(error, ContextKind::InvalidSubcommand))
        }
        ErrorKind::MissingSubcommand => {
            format!("还要写明命令，可以是：{}", about(error, ContextKind::ValidSubcommand))
        }
        ErrorKind::UnknownArgument => format!("没有名为 {argument} 的选项，或者多写了“{argument}”"),
        ErrorKind::MissingRequiredArgument => format!("还要写明：{argument}"),
        ErrorKind::InvalidValue if value.is_empty() => format!("{argument} 后面要写明值"),
        ErrorKind::InvalidValue => {
            let accepted = about(error, ContextKind::ValidValue);
            let accepted =
                if accepted.is_empty() { String::new() } else { format!("，可以是：{accepted}") };
            format!("{argument} 不能是“{value}”{accepted}")
        }
        ErrorKind::ValueValidation => format!("{argument} 不能是“{value}”：{}", against(error)),
        ErrorKind::NoEquals => format!("{argument} 和它的值之间要写等号"),
        ErrorKind::TooManyValues => format!("{argument} 多写了值“{value}”"),
        ErrorKind::TooFewValues => {
            format!("{argument} 至少要写 {} 个值", about(error, ContextKind::MinValues))
        }
        ErrorKind::WrongNumberOfValues => {
            format!("{argument} 要写 {} 个值", about(error, ContextKind::ExpectedNumValues))
        }
        ErrorKind::ArgumentConflict => {
            let prior = about(error, ContextKind::PriorArg);
            if prior == argument || prior.is_empty() {
                format!("{argument} 只能写一次")
            } else {
                format!("{argument} 不能和 {prior} 一起用")
            }
        }
        ErrorKind::InvalidUtf8 => String::from("命令行里有不能识别的字符（不是 UTF-8）"),
        _ => String::from("命令行不能识别"),
    }
}

/// What stands against a value. Our own readers say it in Chinese; those of the library are told apart by their kind.
fn against(error: &clap::Error) -> String {
    let Some(source) = std::error::Error::source(error) else { return String::from("不能识别") };
    if source.is::<AddrParseError>() {
        return format!("应写成 地址:端口，如 {}", SocketAddr::from(([127, 0, 0, 1], 8088)));
    }
    match source.downcast_ref::<ParseIntError>() {
        Some(error) if is_too_large(error) => String::from("数字太大"),
        Some(_) => String::from("应是整数"),
        None => source.to_string(),
    }
}

/// What the person may have meant.
fn advice(error: &clap::Error) -> String {
    let kinds = [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue];
    let meant: Vec<String> =
        kinds.into_iter().map(|kind| about(error, kind)).filter(|text| !text.is_empty()).collect();
    if meant.is_empty() { String::new() } else { format!("是不是 {}？", meant.join("、")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every command with the words that lead to it.
    fn commands() -> Vec<(Vec<String>, Command)> {
        let mut root = worded(Cli::command());
        root.build();
        let mut found = vec![(Vec::new(), root)];
        let mut at = 0;
        while let Some((path, command)) = found.get(at).cloned() {
            for below in command.get_subcommands() {
                let mut path = path.clone();
                path.push(below.get_name().to_owned());
                found.push((path, below.clone()));
            }
            at += 1;
        }
        found
    }

    fn said(arguments: &[&str]) -> (String, i32) {
        let arguments = std::iter::once("xuncha").chain(arguments.iter().copied());
        let read =
            worded(Cli::command()).try_get_matches_from(arguments).and_then(|m| Cli::from_arg_matches(&m));
        let error = read.err().expect("an error");
        (told(&error), error.exit_code())
    }

    /// Words of English prose: names of options, placeholders and examples are written otherwise.
    fn english(text: &str) -> Vec<&str> {
        const PROSE: [&str; 24] = [
            "error",
            "Usage",
            "Options",
            "Commands",
            "Arguments",
            "Print",
            "help",
            "default",
            "possible",
            "values",
            "value",
            "invalid",
            "required",
            "unrecognized",
            "unexpected",
            "subcommand",
            "argument",
            "found",
            "provided",
            "cannot",
            "supplied",
            "tip",
            "more",
            "information",
        ];
        text.split(|c: char| !(c.is_ascii_alphabetic() || c == '-' || c == '_'))
            .filter(|word| PROSE.contains(word))
            .collect()
    }

    #[test]
    fn the_help_of_every_command_is_in_chinese() {
        for (path, mut command) in commands() {
            for text in [command.render_help().to_string(), command.render_long_help().to_string()] {
                let text = text.replace("[OPTIONS]", "[选项]");
                assert_eq!(english(&text), Vec::<&str>::new(), "{path:?}: {text}");
                assert!(text.contains("用法：") && text.contains("显示这份说明"), "{path:?}: {text}");
            }
        }
    }

    #[test]
    fn every_argument_says_what_it_is_and_every_placeholder_is_chinese() {
        for (path, command) in commands() {
            for argument in command.get_arguments() {
                assert!(
                    argument.get_help().is_some_and(|help| !help.to_string().is_empty()),
                    "{path:?} {argument}"
                );
                let names: Vec<String> =
                    argument.get_value_names().unwrap_or_default().iter().map(ToString::to_string).collect();
                let name = names.concat().replace(".parquet", "");
                let plain = !name.chars().any(|c| c.is_ascii_alphabetic());
                let takes = argument.get_action().takes_values();
                assert!(!takes || (plain && !name.is_empty()), "{path:?} {argument}: {name}");
            }
        }
    }

    #[test]
    fn nonsense_for_the_value_of_any_option_is_answered_in_chinese() {
        let mut refused = 0;
        for (path, command) in commands() {
            for option in command.get_arguments().filter(|one| one.get_action().takes_values()) {
                let Some(long) = option.get_long() else { continue };
                let long = format!("--{long}=@");
                let mut arguments: Vec<&str> = path.iter().map(String::as_str).collect();
                arguments.push(&long);
                let words = std::iter::once("xuncha").chain(arguments.iter().copied());
                let Err(error) = worded(Cli::command()).try_get_matches_from(words) else { continue };
                let text = told(&error);
                assert_eq!(english(&text), Vec::<&str>::new(), "{arguments:?}: {text}");
                assert_eq!(error.exit_code(), 2);
                refused += usize::from(error.kind() == ErrorKind::ValueValidation);
            }
        }
        assert!(refused > 8, "only {refused} options look at their value");
    }

    #[test]
    fn each_kind_of_wrong_usage_has_its_sentence() {
        for (arguments, expected) in [
            (&["serv"][..], "没有名为 serv 的命令。是不是 serve？"),
            (&["routes", "--jsn"], "没有名为 --jsn 的选项，或者多写了“--jsn”。是不是 --json？"),
            (&["export"], "还要写明：<种类>、<文件>。"),
            (&["figures", "--year", "0"], "--year <年度> 不能是“0”：应是 1990 到 2199 之间的整数。"),
            (&["figures", "--year", "x"], "--year <年度> 不能是“x”：应是 1990 到 2199 之间的整数。"),
            (&["figures", "--as-of"], "--as-of <年-月-日> 后面要写明值。"),
            (
                &["figures", "--as-of", "2023-2-30"],
                "--as-of <年-月-日> 不能是“2023-2-30”：日期应写成 2023-12-31 这样的形式。",
            ),
            (
                &["figures", "--as-of", "9999-12-31"],
                "--as-of <年-月-日> 不能是“9999-12-31”：日期应在 1900-01-01 到 2199-12-31 之间。",
            ),
            (
                &["serve", "--listen", "x"],
                "--listen <地址:端口> 不能是“x”：应写成 地址:端口，如 127.0.0.1:8088。",
            ),
            (&["demo", "--seed=-1"], "--seed <种子> 不能是“-1”：应是整数。"),
            (
                &["demo", "--seed=99999999999999999999"],
                "--seed <种子> 不能是“99999999999999999999”：数字太大。",
            ),
            (
                &["verify", "--proof", "a", "--checkpoint", "b"],
                "--proof <文件> 不能和 --checkpoint <文件> 一起用。",
            ),
            (&["routes", "--json", "--json"], "--json 只能写一次。"),
        ] {
            let (text, code) = said(arguments);
            assert!(text.starts_with(expected), "{arguments:?}: {text}");
            assert!(text.contains("\n用法：xuncha") || text.contains("--help"), "{text}");
            assert_eq!(code, 2, "{arguments:?}");
        }
    }

    #[test]
    fn help_and_version_are_answers_and_a_missing_command_is_not() {
        assert_eq!(said(&["--help"]).1, 0);
        assert_eq!(said(&["--version"]), (format!("xuncha {}\n", env!("CARGO_PKG_VERSION")), 0));
        let (text, code) = said(&[]);
        assert!(text.contains("命令：") && code == 2, "{text}");
    }
}
