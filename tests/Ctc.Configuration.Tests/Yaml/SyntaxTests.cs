using Ctc.Configuration.Schema;
using Ctc.Configuration.Tests.Binding;
using Ctc.Configuration.Tests.Schema;
using Ctc.Configuration.Yaml;

namespace Ctc.Configuration.Tests.Yaml;

public class SyntaxTests
{
    private readonly ExperimentText file = new();

    [OneTimeTearDown]
    public void Delete() => file.Dispose();

    [TestCase("", "x.yaml:1:1: there is nothing; expected a mapping")]
    [TestCase("# only a comment\n", "x.yaml:1:1: there is nothing; expected a mapping")]
    [TestCase("---\n", "x.yaml:1:1: there is nothing; expected a mapping")]
    [TestCase("- a\n- b\n", "x.yaml:1:1: found a list; expected a mapping")]
    [TestCase("\n  some words", "x.yaml:2:3: found some words; expected a mapping")]
    [TestCase("name: x\n---\nname: y\n", "x.yaml:2:1: a second document starts here; expected one document")]
    [TestCase("name: x\nseed: 1\nname: y\n", "x.yaml:3:1: the key 'name' occurs twice; expected it once, and it is in line 1 already")]
    [TestCase("? [a, b]\n: 1\n", "x.yaml:1:3: a key is a list; expected text")]
    [TestCase("name: !!str x\n", "x.yaml:1:7: found the tag 'tag:yaml.org,2002:str'; expected a value without a tag")]
    [TestCase("name: *x\n", "x.yaml:1:7: the alias '*x' has no finished anchor before it; expected one")]
    [TestCase("sweep: &x\n  a: *x\n", "x.yaml:2:6: the alias '*x' has no finished anchor before it; expected one")]
    [TestCase("name: x\n  seed: 1\n", "x.yaml:2:7: while scanning a plain scalar value, found invalid mapping; expected well-formed YAML")]
    [TestCase("name: x\n\tseed: 1\n", "x.yaml:2:1: while scanning a plain scalar, found a tab character that violate indentation; expected well-formed YAML")]
    [TestCase("name: x\nseed: 1\ntrain:\n\tepochs: 1\n",
        "x.yaml:4:1: while scanning a mapping, found invalid tab as indentation; expected well-formed YAML")]
    [TestCase("name: \"\\ud83d\\ud83d\"\n", "x.yaml:1:20: found half of a surrogate pair; expected text")]
    [TestCase("name: x\nseed: 1\0\n", "x.yaml:2:8: found the character U+0000; expected text")]
    [TestCase("name: \"\\ud83d\"\n", "x.yaml:1:7: while scanning a quoted scalar, found invalid Unicode surrogates; expected well-formed YAML")]
    [TestCase("? \"\\ude00\"\n: 1\n", "x.yaml:1:3: while scanning a quoted scalar, found invalid Unicode surrogates; expected well-formed YAML")]
    [TestCase("name: x\ntrain: { <<: { epochs: 1 } }\n",
        "x.yaml:2:10: found the merge key '<<', which is not supported; expected the keys written out")]
    [TestCase("data: { source: a\n", "x.yaml:2:1: while parsing a flow mapping, did not find expected ',' or '}'; expected well-formed YAML")]
    [TestCase("model:\n  : conv\n  encoder: a\n", "x.yaml:4:1: a key or a value is missing before this; expected one")]
    [TestCase("train: {\nepochs: 3 }", "x.yaml:2:1: found text that is not indented enough; expected well-formed YAML")]
    [TestCase("sweep: 3\n", "x.yaml:1:8: sweep is 3; expected a mapping")]
    public void What_is_no_mapping_in_yaml_is_refused_where_it_goes_wrong(string text, string message) =>
        Assert.That(file.Refusal(text), Is.EqualTo(message));

    [Test]
    public void Nesting_has_a_limit() => Assert.That(
        file.Refusal("sweep: " + new string('[', 100_000)),
        Is.EqualTo("x.yaml:1:57: the nesting is deeper than 50 levels; expected less"));

    [Test]
    public void Aliases_spread_to_a_bound()
    {
        string nested = string.Concat(Enumerable.Range(1, 9).Select(i => $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 9))}]\n"));
        Assert.That(
            file.Refusal("a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1]\n" + nested),
            Is.EqualTo("x.yaml:6:10: with this, there are more than 100000 values, aliases included; expected fewer"));
    }

    [TestCase("\"\\ud83d\\ude00\"")]
    [TestCase("😀")]
    public void A_pair_of_surrogates_is_text(string text) =>
        Assert.That(file.Refusal($"name: {text}"), Does.StartWith("x.yaml:1:7: name is ").And.Contain("😀"));

    [Test]
    [CancelAfter(20_000)]
    public void A_device_is_not_read()
    {
        if (!OperatingSystem.IsLinux()) Assert.Ignore("Linux only.");
        Assert.That(
            Assert.Throws<ConfigurationException>(() => ExperimentFile.Open("/dev/zero", []))!.Message,
            Is.EqualTo("/dev/zero:1:1: there is nothing; expected a mapping in a regular file"));
        Assert.That(
            file.Refusal("name: x\ndata: { source: lines, train: /dev/zero }"),
            Is.EqualTo("x.yaml:2:31: train is /dev/zero; expected a file, but /dev/zero is empty, or a pipe or a device"));
    }

    [Test]
    public void A_folder_is_not_read() => Assert.That(Open("."), Is.EqualTo("~/.: found a folder; expected a YAML file"));

    [Test]
    public void A_file_must_be_there() => Assert.That(Open("y.yaml"), Is.EqualTo("~/y.yaml: there is no such file; expected a YAML file"));

    [Test]
    public void An_empty_path_names_no_file() => Assert.That(
        Assert.Throws<ConfigurationException>(() => ExperimentFile.Open("", []))!.Message,
        Is.EqualTo(": there is no such file; expected a YAML file"));

    [Test]
    public void A_file_must_be_utf8()
    {
        File.WriteAllBytes(Path.Combine(file.Folder, "latin.yaml"), [.. "name: x\n# h"u8, 0xE4, (byte)'?']);

        Assert.That(Open("latin.yaml"), Is.EqualTo("~/latin.yaml:2:4: found the byte 0xE4; expected text in UTF-8"));
    }

    [Test]
    public void A_byte_order_mark_is_no_text()
    {
        File.WriteAllBytes(Path.Combine(file.Folder, "bom.yaml"), [0xEF, 0xBB, 0xBF, .. "nam: x\n"u8]);

        Assert.That(Open("bom.yaml"), Is.EqualTo("~/bom.yaml:1:1: unknown key 'nam' in the experiment; did you mean 'name'?"));
    }

    [Test]
    public void Lines_may_end_as_on_Windows() => Assert.That(file.Bind(ExperimentText.Least.ReplaceLineEndings("\r\n")).Name, Is.EqualTo("x"));

    private string Open(string name) =>
        Assert.Throws<ConfigurationException>(() => ExperimentFile.Open(Path.Combine(file.Folder, name), []).Bind(FakeParts.Catalog))!
            .Message.Replace(file.Folder, "~", StringComparison.Ordinal);
}
