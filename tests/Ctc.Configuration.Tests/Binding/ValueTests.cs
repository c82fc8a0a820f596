using Ctc.Configuration.Tests.Schema;

namespace Ctc.Configuration.Tests.Binding;

public class ValueTests
{
    private readonly ExperimentText file = new();

    [OneTimeTearDown]
    public void Delete() => file.Dispose();

    [TestCase("seed: ten", "x.yaml:4:7: seed is ten; expected a whole number")]
    [TestCase("seed: 1e3", "x.yaml:4:7: seed is 1e3; expected a whole number")]
    [TestCase("seed: 1.0", "x.yaml:4:7: seed is 1.0; expected a whole number")]
    [TestCase("seed: \"1\"", "x.yaml:4:7: seed is \"1\"; expected a whole number")]
    [TestCase("seed:", "x.yaml:4:6: seed is empty; expected a whole number")]
    [TestCase("seed: ~", "x.yaml:4:7: seed is empty; expected a whole number")]
    [TestCase("seed: [1]", "x.yaml:4:7: seed is a list; expected a whole number")]
    [TestCase("seed: 99999999999999999999", "x.yaml:4:7: seed is 99999999999999999999; expected a whole number")]
    [TestCase("device: gpu", "x.yaml:4:9: device is gpu; expected one of auto, cpu, cuda")]
    [TestCase("device: Cuda", "x.yaml:4:9: device is Cuda; expected one of auto, cpu, cuda")]
    [TestCase("train: { optimizer: adam-w }", "x.yaml:4:21: no optimizer 'adam-w' was found; did you mean 'adamw'?")]
    [TestCase("train: { optimizer: 1 }", "x.yaml:4:21: no optimizer '1' was found; expected one of adamw, rmsprop")]
    [TestCase("train: { learning-rate: .inf }", "x.yaml:4:25: learning-rate is .inf; expected a number")]
    [TestCase("train: { learning-rate: 1e999 }", "x.yaml:4:25: learning-rate is 1e999; expected a number")]
    [TestCase("train: { learning-rate: 1_000 }", "x.yaml:4:25: learning-rate is 1_000; expected a number")]
    [TestCase("train: { learning-rate: \"1,5\" }", "x.yaml:4:25: learning-rate is \"1,5\"; expected a number")]
    [TestCase("train: 3", "x.yaml:4:8: train is 3; expected a mapping")]
    [TestCase("train:", "x.yaml:4:7: train is empty; expected a mapping")]
    [TestCase("plugins: some.dll", "x.yaml:4:10: plugins is some.dll; expected a list")]
    [TestCase("plugins: [~]", "x.yaml:4:11: plugins is empty; expected text")]
    [TestCase("plugins: [some.dll]", "x.yaml:4:11: plugins is some.dll; expected a file or a folder, but ~/some.dll does not exist")]
    public void A_value_of_a_wrong_type_is_refused(string line, string message) =>
        Assert.That(file.Refusal(ExperimentText.Least + line), Is.EqualTo(message));

    [TestCase("everything: { truth: yes }", "truth is yes; expected true or false")]
    [TestCase("everything: { truth: True }", "truth is True; expected true or false")]
    [TestCase("everything: { text: }", "text is empty; expected text")]
    [TestCase("everything: { text: [] }", "text is a list; expected text")]
    [TestCase("everything: { narrow: 1e39 }", "narrow is 1e39; expected a number")]
    [TestCase("everything: { numbers: [1, x] }", "numbers is x; expected a number")]
    [TestCase("everything: { inner: }", "inner is empty; expected a mapping")]
    [TestCase("everything: { no-number: { a: 1 } }", "no-number is a mapping; expected a number")]
    [TestCase("checked: { positive: 0 }", "positive is 0; expected 1 or more")]
    [TestCase("checked: { share: 1.4 }", "share is 1.4; expected 0 to 1")]
    [TestCase("checked: { open: 1 }", "open is 1; expected 0 to 1, both excluded")]
    [TestCase("checked: { low: 1, negative: 1 }", "negative is 1; expected 0 or less")]
    [TestCase("checked: { negative: 9999999999 }", "negative is 9999999999; expected 0 or less")]
    [TestCase("checked: { words: [ok, Not] }", "words is Not; expected text that matches [a-z]+")]
    [TestCase("checked: { title: \"\" }", "title is empty; expected a value")]
    [TestCase("checked: { pair: [1, 2, 3] }", "pair is a list; The field pair must be a string or array type with a maximum length of '2'")]
    [TestCase("checked: { low: 10 }", "low is 10 and high is 9; expected low to be at most high")]
    [TestCase("checked: { low: 7 }", "low is 7; expected another number")]
    [TestCase("checked: { even: 3 }", "even is 3; expected an even number")]
    [TestCase("positional: { size: 3 }", "the options of positional cannot be made: PositionalOptions: it has no constructor without parameters")]
    [TestCase("timed: { wait: 3 }", "wait is 3; expected a mapping")]
    [TestCase("timed: { wait: {} }", "wait has the type System.TimeSpan; expected a plugin to use types that YAML has")]
    public void An_option_is_held_to_its_type_and_its_rules(string part, string message) => Assert.That(
        file.Refusal(ExperimentText.Least + $"objective: {{ auxiliary: [ {{ {part} }} ] }}"),
        Does.Match(@"^x\.yaml:4:\d\d: ").And.EndsWith(": " + message));

    [TestCase("objective:\n  targets:\n  - label-smoothing: { epsilon: 1.5 }", "x.yaml:6:33: epsilon is 1.5; expected 0 to 1")]
    [TestCase("objective: { auxiliary: [ { checked: { words: [ok, Not] } } ] }", "x.yaml:4:52: words is Not; expected text that matches [a-z]+")]
    [TestCase("objective: { auxiliary: [ { checked: { high: -1 } } ] }", "x.yaml:4:38: low is 0 and high is -1; expected low to be at most high")]
    [TestCase("objective: { auxiliary: [ { checked: { low: 7 } } ] }", "x.yaml:4:45: low is 7; expected another number")]
    [TestCase("objective: { reduction: none }",
        "x.yaml:4:25: reduction is none; expected one that gives the single, finite number that training needs")]
    [TestCase("objective: { infeasible: inf }",
        "x.yaml:4:26: infeasible is inf; expected one that gives the single, finite number that training needs")]
    [TestCase("train: { momentum: 0.9 }", "x.yaml:4:10: momentum is an option of the optimizer; expected optimizer: { sgd: { momentum: 0.1 } }")]
    [TestCase("train: { weight-decay: 1 }",
        "x.yaml:4:10: weight-decay is an option of the optimizer; expected optimizer: { adamw: { weight-decay: 0.1 } }")]
    [TestCase("train: { optimizer: { adamw: { momentum: 0.9 } } }", "x.yaml:4:32: unknown key 'momentum' in adamw; expected one of beta1, weight-decay")]
    [TestCase("train: { optimizer: { rmsprop: { momentum: 1 } } }", "x.yaml:4:44: momentum is 1; expected 0 to 1, 1 excluded")]
    [TestCase("train: { learning-rate: 0 }", "x.yaml:4:25: learning-rate is 0; expected more than 0")]
    [TestCase("train: { threads: 0 }", "x.yaml:4:19: threads is 0; expected 1 to 1024")]
    public void A_broken_rule_is_reported_where_the_value_stands_or_the_mapping_that_breaks_it(string text, string message) =>
        Assert.That(file.Refusal(ExperimentText.Least + text), Is.EqualTo(message));

    [TestCase("Focal")]
    [TestCase("a/b")]
    [TestCase("a b")]
    [TestCase("..")]
    public void A_name_is_fit_for_a_folder(string name) => Assert.That(
        file.Refusal($"name: {name}"),
        Is.EqualTo($"x.yaml:1:7: name is {name}; expected lower-case letters, digits and + . _ -, not dots alone"));

    [TestCase("nowhere.csv", "a file, but ~/nowhere.csv does not exist")]
    [TestCase("no/where.csv", "a file, but the folder ~/no does not exist")]
    public void A_data_file_must_be_there(string path, string expected) => Assert.That(
        file.Refusal($"name: x\ndata: {{ source: lines, train: {path} }}"),
        Is.EqualTo($"x.yaml:2:31: train is {path}; expected {expected}"));

    [Test]
    public void A_data_file_is_no_folder()
    {
        file.Write("folder/file", "");

        Assert.That(
            file.Refusal("name: x\ndata:\n  source: lines\n  train: lines.csv\n  more: [lines.csv, folder]"),
            Is.EqualTo("x.yaml:5:21: more is folder; expected a file, but ~/folder is a folder"));
    }

    [TestCase("\"\"", "train is empty; expected a path")]
    [TestCase("\"a\\0b\"", "train is \"a b\"; expected a path")]
    public void A_path_has_letters(string path, string message) =>
        Assert.That(file.Refusal($"name: x\ndata: {{ source: lines, train: {path} }}"), Is.EqualTo("x.yaml:2:31: " + message));

    [Test]
    public void A_long_text_is_shown_by_its_beginning() => Assert.That(
        file.Refusal($"name: x\nseed: \"{new string('9', 99)}\\n\""),
        Is.EqualTo($"x.yaml:2:7: seed is \"{new string('9', 60)}…\"; expected a whole number"));
}
