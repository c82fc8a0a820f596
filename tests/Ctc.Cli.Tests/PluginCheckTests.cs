using System.Text.Json.Nodes;
using Ctc.Engine.Tests.Hosting;
using Ctc.Testing.Conformance;
using Ctc.Tests;

namespace Ctc.Cli.Tests;

/// <summary>The zoo: each of its members is told what is wrong with it, whatever that does to the process that tries it.</summary>
public class PluginCheckTests
{
    private static readonly Lazy<JsonArray> Misbehaving = new(() => Parts("Misbehaving"));
    private static readonly Lazy<JsonArray> Crashing = new(() => Parts("Crashing", "--timeout", "10"));

    [TestCase("plugins")]
    [TestCase("samples")]
    public void Our_own_plugins_keep_their_promises(string folder)
    {
        CommandOutput check = CtcCommand.Run("plugins", "check", InTests(folder));
        using (Assert.EnterMultipleScope())
        {
            Assert.That((check.ExitCode, check.Error), Is.EqualTo((0, "")));
            Assert.That(check.Output, Does.Not.Contain("FAILED").And.Not.Contain("warned"));
            Assert.That(check.Output.Split('\n').Count(line => line.EndsWith(".dll", StringComparison.Ordinal)), Is.EqualTo(Directory.GetDirectories(InTests(folder)).Length));
        }
    }

    [TestCase("throwing-transform", "values", "^InvalidOperationException: the transform failed on purpose")]
    [TestCase("wrong-shape", "values", @"^Weigh gives shape \[\d+\]; expected \[1\]")]
    [TestCase("not-a-number", "values", "^Evaluate gives NaN; expected numbers")]
    [TestCase("single-precision", "values", "^Weigh gives Float32 for scores of Float64; expected Float64")]
    [TestCase("null-result", "values", "^Evaluate gives null; expected a tensor")]
    [TestCase("writing", "writes", "^it writes into Shares, which is the engine's; expected a new tensor as its result")]
    [TestCase("leaking", "leaks", "^5 tensors are left alive by 5 evaluations; expected none")]
    [TestCase("reads-padding", "padding", "^with NaN in the padding and two frames more of it the loss is .* was expected")]
    [TestCase("wrong-gradient", "gradient", "^the gradient along a direction is .*; expected .*, by finite differences")]
    [TestCase("wrong-neutral", "neutral", @"^the loss is 0 where .* was expected under plain CTC \(with \{ factor: 0 \}; smallest input T=1 B=1 ")]
    [TestCase("neighbours", "alone", "^utterance 0 in its batch and alone: .*; a part that looks at the whole batch by design declares Needs.BatchStatistics")]
    [TestCase("random", "repeat", "^the same input a second time gives other bits")]
    [TestCase("forgetful", "state", "^saved and loaded into a new part, what it learned gives other bits; expected all of it in parameters and buffers")]
    [TestCase("no-frames", "edges", "^on a batch without frames the loss is NaN; expected a number")]
    [TestCase("out-of-range", "options", "^its defaults are refused: factor is 2; expected 0 to 1$")]
    [TestCase("undocumented", "documentation", "^Factor of UndocumentedOptions has no summary; expected what it does, its range and its default$")]
    [TestCase("throwing-options", "created", "^the options of throwing-options cannot be made: ThrowingOptions: the options failed on purpose$")]
    [TestCase("losing-weights", "outlives", "; expected weights that outlive the dispose scope they were made in, by DetachFromDisposeScope on each parameter$")]
    [TestCase("hearing-padding", "padding", "^with NaN in the padding a logit is NaN")]
    [TestCase("hoarding", "leaks", "^3 tensors are left alive by 3 calls; expected none, for what a network makes belongs to the caller's dispose scope$")]
    [TestCase("strange-label", "values", @"^Build \(labels\) gives (\d+); expected numbers in \[0, \1\)")]
    [TestCase("hasty", "minimum-frames", "^MinimumFrames says 0, and 0 frames do not suffice for utterance 0")]
    [TestCase("same-ids", "ids", "^the id a occurs twice; expected ids that are unique over the three sets$")]
    [TestCase("fickle", "repeat", "^loaded twice with the same options, utterance a is not the same$")]
    public void A_part_that_misbehaves_is_told_how(string part, string check, string sentence) =>
        Assert.That(Message(Misbehaving.Value, part, check, "failed"), Does.Match(sentence));

    [Test]
    public void The_page_on_checks_names_each_and_shows_a_failure_as_it_is_printed()
    {
        string page = File.ReadAllText(Path.Combine(CtcCommand.Repository, "docs", "checking-a-plugin.md"));
        Assert.That(PartConformance.Names.Append(PluginConformance.Loads).Where(check => !page.Contains($"`{check}`", StringComparison.Ordinal)), Is.Empty);
        string shown = Message(Misbehaving.Value, "wrong-neutral", "neutral", "failed");
        Assert.That(string.Join(' ', page.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), Does.Contain($"FAILED neutral: {shown}"));
    }

    [Test]
    public void What_costs_only_time_is_a_warning() =>
        Assert.That(Message(Misbehaving.Value, "greedy", "needs", "warned"), Is.EqualTo("it declares ViterbiPath, which it did not read; the engine computes it all the same"));

    [TestCase("native-crash", "^it crashed the process, by signal ")]
    [TestCase("stack-overflow", "^it crashed the process, by signal 6: Stack overflow")]
    [TestCase("exit", "^it ended the process, with exit code 0$")]
    [TestCase("endless", "^it did not end within 10 s$")]
    public void What_ends_its_process_or_never_ends_is_survived(string part, string sentence) =>
        Assert.That(Crashing.Value.Single(one => (string)one!["name"]! == part)!["results"]!.AsArray().Single(result => (string)result!["outcome"]! == "failed")!["message"]!.ToString(), Does.Match(sentence));

    [Test]
    public void A_part_behind_those_is_checked_whatever_it_prints()
    {
        JsonNode talking = Crashing.Value.Single(part => (string)part!["name"]! == "talking")!;
        Assert.That((bool)talking["failed"]!, Is.False);
        Assert.That(talking["results"]!.AsArray(), Has.Count.GreaterThan(15));
    }

    [Test]
    public void Plugins_that_cannot_be_used_are_told_why_beside_one_that_can()
    {
        using var folder = new TemporaryFolder();
        byte[] good = File.ReadAllBytes(InTests("plugins", "FocalCtc", "FocalCtc.dll"));
        Version newer = new(0, 2, 0, 0);
        Add(folder, "FocalCtc", InTests("plugins", "FocalCtc"));
        foreach (string name in new[] { "NameMissing", "UnsatisfiedImport", "NullMetadata", "PrivateDependency", "NeedsMoreThanDeclared" }) Add(folder, name, InTests("zoo", name));
        foreach (string name in new[] { "ThrowingConstructor", "TakenName" }) Add(folder, name, InTests("broken-plugins", name));
        File.Delete(folder.In("PrivateDependency", "Dependency.dll"));
        Add(folder, "Duplicates", InTests("plugins", "PeakFirst"), "PeakFirst.dll");
        File.Copy(InTests("TorchSharp.dll"), folder.In("Duplicates", "TorchSharp.dll"));
        Write(folder, "Text", "This is no assembly."u8.ToArray());
        Write(folder, "Cut", good[..(good.Length / 2)]);
        Write(folder, "Newer", PatchedDll.WithReference(good, "Ctc.Abstractions", newer));

        CommandOutput check = CtcCommand.Run("plugins", "check", folder.Path, "--json");
        Dictionary<string, JsonNode> found = JsonNode.Parse(check.Output)!["plugins"]!.AsArray()
            .ToDictionary(plugin => Path.GetFileNameWithoutExtension((string)plugin!["path"]!), plugin => plugin!);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((check.ExitCode, check.Error), Is.EqualTo((1, "")));
            Assert.That((bool)found["FocalCtc"]["failed"]!, Is.False);
            Loads("NameMissing", "its class Nameless is a part without a name; expected a Part attribute on it");
            Loads("UnsatisfiedImport", "its class Importing cannot be given what it asks for; expected one public constructor that takes nothing but its options, NoOptions, or nothing at all");
            Loads("NullMetadata", "its class Untold has a Part attribute without a name or an options type; expected a name, and a type where there are options");
            Loads("Text", "it is not a .NET assembly");
            Loads("Cut", "its file is cut off or damaged");
            Loads("Newer", $"it was built for version {newer} of Ctc.Abstractions; expected one that fits 0.1.0.0");
            Loads("Duplicates", "it ships its own TorchSharp.dll; expected none, for the host brings it");
            Assert.That(Message(found["ThrowingConstructor"]["parts"]!.AsArray(), "throwing", "created", "failed"), Is.EqualTo("InvalidOperationException: the constructor failed on purpose"));
            Assert.That(Message(found["PrivateDependency"]["parts"]!.AsArray(), "dependent", "created", "failed"), Is.EqualTo("it needs version 0.1.0.0 of the assembly Dependency, which was not found"));
            Assert.That(Message(found["TakenName"]["parts"]!.AsArray(), "focal", "name", "failed"), Does.Match(@"FocalCtc\.dll brings a loss weighting 'focal' too; expected a name that is free$"));
            Assert.That(Message(found["NeedsMoreThanDeclared"]["parts"]!.AsArray(), "undeclared", "needs", "failed"), Does.StartWith("it reads Occupancy, which it does not declare; expected Needs = Needs.Occupancy in its Part attribute"));
        }

        void Loads(string plugin, string problem) => Assert.That((string)found[plugin]["loads"]!["message"]!, Is.EqualTo(problem));
    }

    [Test]
    public void Wrong_input_is_told_as_such()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.In("options.yaml"), "factor: 7\n");
        string dll = InTests("zoo", "Misbehaving", "Misbehaving.dll");
        Refused("there is no such file or folder; expected a plugin", folder.In("nothing"));
        Refused($"the folder holds no {Path.GetFileName(folder.Path)}.dll; expected a plugin", folder.Path);
        Refused($"no part 'nobody' was found in {dll}", dll, "--part", "nobody");
        Refused("options.yaml:1:9: factor is 7; expected 0 to 2", dll, "--part", "wrong-neutral", "--options", folder.In("options.yaml"));
        Refused("expected --part", dll, "--options", folder.In("options.yaml"));
        Refused("there is no such file; expected the options of a part", dll, "--options", folder.In("nothing.yaml"));
        Refused("--timeout is 0; expected seconds, more than 0 and at most 86400.", dll, "--timeout", "0");

        static void Refused(string sentence, params string[] arguments)
        {
            CommandOutput check = CtcCommand.Run(["plugins", "check", .. arguments]);
            Assert.That((check.ExitCode, check.Output), Is.EqualTo((2, "")).Or.EqualTo((2, $"{arguments[0]}\n")));
            Assert.That(check.Error, Does.StartWith("ctc: ").And.Contain(sentence));
        }
    }

    [Test]
    public void A_part_is_checked_at_the_options_that_are_given()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.In("options.yaml"), "factor: 0.5\n");
        CommandOutput check = CtcCommand.Run("plugins", "check", InTests("zoo", "Misbehaving"), "--part", "wrong-neutral", "--options", folder.In("options.yaml"));
        Assert.That((check.ExitCode, check.Error), Is.EqualTo((1, "")));
        Assert.That(check.Output.Split('\n').Count(line => line.Contains("FAILED", StringComparison.Ordinal)), Is.EqualTo(1));
    }

    private static JsonArray Parts(string plugin, params string[] options)
    {
        CommandOutput check = CtcCommand.Run(["plugins", "check", InTests("zoo", plugin), "--json", .. options]);
        Assert.That((check.ExitCode, check.Error), Is.EqualTo((1, "")));
        return JsonNode.Parse(check.Output)!["plugins"]!.AsArray().Single()!["parts"]!.AsArray();
    }

    private static string Message(JsonArray parts, string part, string check, string outcome)
    {
        JsonNode result = parts.Single(one => (string)one!["name"]! == part)!["results"]!.AsArray().Single(one => (string)one!["check"]! == check)!;
        Assert.That((string)result["outcome"]!, Is.EqualTo(outcome));
        return (string)result["message"]!;
    }

    private static void Add(TemporaryFolder folder, string name, string from, string? dll = null)
    {
        Directory.CreateDirectory(folder.In(name));
        foreach (string file in Directory.EnumerateFiles(from)) File.Copy(file, folder.In(name, Path.GetFileName(file) == dll ? name + ".dll" : Path.GetFileName(file)));
    }

    private static void Write(TemporaryFolder folder, string name, byte[] dll)
    {
        Directory.CreateDirectory(folder.In(name));
        File.WriteAllBytes(folder.In(name, name + ".dll"), dll);
    }

    private static string InTests(params string[] path) => Path.Combine([TestContext.CurrentContext.TestDirectory, .. path]);
}
