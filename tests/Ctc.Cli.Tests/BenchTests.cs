using System.Text.Json;

namespace Ctc.Cli.Tests;

/// <summary>The output of <c>ctc bench</c>, for a small shape.</summary>
[Category("Slow")]
public class BenchTests
{
    // Gradients of more than 1 MiB, so that they are in reused memory: the last one is alive at the end of the process.
    private const string Shape = "24,8,1400,5";

    private static readonly Lazy<CommandOutput> AsJson = new(() => CtcCommand.Run("bench", "--json", "--shape", Shape, "--pause", "0.1"));

    [Test]
    public void As_JSON_it_says_all_times_and_their_quotients()
    {
        Assert.That((AsJson.Value.ExitCode, AsJson.Value.Error), Is.EqualTo((0, "")));
        JsonElement page = JsonDocument.Parse(AsJson.Value.Output).RootElement;
        int[] threads = [.. new[] { 1, Environment.ProcessorCount }.Distinct()];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Keys(page), Is.EqualTo(new[] { "machine", "cases", "from_logits", "memory", "variants" }));
            Assert.That(Keys(page.GetProperty("machine")), Is.EqualTo(new[] { "processor", "instructions", "cores", "system", "dotnet", "libtorch" }));
            AssertCases(page.GetProperty("cases"), threads, "built_in", "fused", "differentiable");
            AssertCases(page.GetProperty("from_logits"), threads, "built_in", "two_steps", "one_pass", "star");
        }
    }

    [Test]
    public void Memory_is_said_of_steps_and_of_steps_after_a_pause()
    {
        JsonElement[] memory = [.. JsonDocument.Parse(AsJson.Value.Output).RootElement.GetProperty("memory").EnumerateArray()];
        Assert.That(memory, Is.Not.Empty);
        foreach (JsonElement found in memory)
        {
            string[] used = ["ms", "system_ms", "faults"];
            string[] keys = ["name", "shape", "threads", .. used, .. used.Select(key => "after_pause_" + key)];
            Assert.That(Keys(found), Is.EqualTo(keys));
            Assert.That(keys[3..].Select(key => found.GetProperty(key).GetDouble()), Has.All.GreaterThanOrEqualTo(0));
            Assert.That(found.GetProperty("after_pause_ms").GetDouble(), Is.Positive);
        }
    }

    [Test]
    public void Variants_are_multiples_of_plain_CTC()
    {
        JsonElement[] variants = [.. JsonDocument.Parse(AsJson.Value.Output).RootElement.GetProperty("variants").EnumerateArray()];
        foreach (IGrouping<int, JsonElement> onThreads in variants.GroupBy(variant => variant.GetProperty("threads").GetInt32()))
        {
            double plain = onThreads.First().GetProperty("ms").GetDouble();
            Assert.That(
                onThreads.Select(variant => variant.GetProperty("name").GetString()),
                Is.EqualTo(new[] { "plain", "label-smoothing and focal", "viterbi" }));
            foreach (JsonElement variant in onThreads)
            {
                double ms = variant.GetProperty("ms").GetDouble();
                Assert.That(ms, Is.Positive);
                Assert.That(variant.GetProperty("ratio_to_plain").GetDouble(), Is.EqualTo(ms / plain).Within(1e-12));
            }
        }
    }

    [Test]
    public void As_text_it_has_four_tables()
    {
        string[] lines = CtcInProcess.Run("bench", "--shape", "12,2,5,4", "--pause", "0.1").Output.Split('\n');
        Assert.That(
            lines.Count(line => line.StartsWith("given        12×2×5, 4 ", StringComparison.Ordinal)),
            Is.EqualTo(3 * Math.Min(2, Environment.ProcessorCount)));
        Assert.That(lines, Has.Some.StartsWith("whole objectives, given"));
    }

    [Test]
    public void A_linear_layer_is_measured_in_chunks_and_whole()
    {
        CommandOutput output = CtcInProcess.Run("bench", "--shape", Shape, "--linear", "8", "--json");
        Assert.That((output.ExitCode, output.Error), Is.EqualTo((0, "")));
        foreach (JsonElement found in JsonDocument.Parse(output.Output).RootElement.GetProperty("linear").EnumerateArray())
        {
            Assert.That(found.GetProperty("hidden").GetInt32(), Is.EqualTo(8));
            Assert.That(found.GetProperty("chunks_ms").GetDouble(), Is.Positive);
            Assert.That(found.GetProperty("loss_difference").GetDouble(), Is.LessThan(1e-5));
        }

        Assert.That(CtcInProcess.Run("bench", "--shape", "12,2,5,4", "--linear", "8").Output, Does.Contain("12×2×5, 4, 8"));
        Assert.That(CtcInProcess.Run("bench", "--linear", "0").Error, Does.Contain("expected a width of 1 or more"));
    }

    [Test]
    public void Beams_are_measured_at_several_widths_those_of_prefixes_without_and_with_a_trigram()
    {
        CommandOutput output = CtcInProcess.Run("bench", "--decode", "20", "--json");
        Assert.That((output.ExitCode, output.Error), Is.EqualTo((0, "")));
        JsonElement[] cases = [.. JsonDocument.Parse(output.Output).RootElement.GetProperty("decoding").EnumerateArray()];
        Assert.That(
            cases.Select(found => (found.GetProperty("width").GetInt32(), found.GetProperty("has_trigram").GetBoolean())).Take(4),
            Is.EqualTo(new[] { (16, false), (16, true), (100, false), (100, true) }));
        Assert.That(cases.Select(found => found.GetProperty("is_clear").GetBoolean()).Count(isClear => isClear), Is.EqualTo(4));
        Assert.That(cases.Select(found => found.GetProperty("frames_per_second").GetDouble()), Has.All.Positive);
        JsonElement[] transducer = [.. JsonDocument.Parse(output.Output).RootElement.GetProperty("transducer_decoding").EnumerateArray()];
        Assert.That(transducer.Select(found => found.GetProperty("width").GetInt32()), Is.EqualTo(new[] { 4, 8, 16 }));
        Assert.That(transducer.Select(found => found.GetProperty("frames_per_second").GetDouble()), Has.All.Positive);
        Assert.That(CtcInProcess.Run("bench", "--decode", "0").Error, Does.Contain("expected 1 frame or more"));
    }

    [Test]
    public void Each_part_of_an_objective_is_measured_or_the_reason_said_why_not()
    {
        CommandOutput output = CtcInProcess.Run("bench", "--shape", "12,2,5,4", "--variants", "--json");
        Assert.That((output.ExitCode, output.Error), Is.EqualTo((0, "")));
        JsonElement page = JsonDocument.Parse(output.Output).RootElement;
        JsonElement[] variants = [.. page.GetProperty("variants").EnumerateArray()];
        string?[] names = [.. variants.Select(variant => variant.GetProperty("name").GetString())];
        Assert.That(names[0], Is.EqualTo("plain"));
        Assert.That(names, Is.SupersetOf(new[] { "entropy", "focal", "label-smoothing", "label-prior", "star", "asg", "peak-first" }));
        Assert.That(variants.Select(variant => variant.GetProperty("ms").GetDouble()), Has.All.Positive);
        Assert.That(page.GetProperty("left_out").GetProperty("inter-ctc").GetString(), Does.Contain("stream"));
        Assert.That(CtcInProcess.Run("bench", "--shape", "12,2,5,4", "--variants").Output, Does.Contain("Left out: inter-ctc. "));
    }

    [Test]
    public void Parts_are_measured_by_name()
    {
        CommandOutput output = CtcInProcess.Run("bench", "--shape", "12,2,5,4", "--variants", "focal,label-prior");
        Assert.That(output.Output, Does.Contain("focal").And.Contain("label-prior").And.Not.Contain("entropy").And.Not.Contain("Left out"));
        Assert.That(CtcInProcess.Run("bench", "--variants", "focal,hope").Error, Does.Contain("names 'hope', which is no part of an objective"));
    }

    [Test]
    public void A_transducer_is_measured_by_both_recursions()
    {
        CommandOutput output = CtcInProcess.Run("bench", "--shape", "6,2,4,3", "--transducer", "--json");
        Assert.That((output.ExitCode, output.Error), Is.EqualTo((0, "")));
        foreach (JsonElement found in JsonDocument.Parse(output.Output).RootElement.GetProperty("transducer").EnumerateArray())
        {
            Assert.That(found.GetProperty("ratio_fused").GetDouble(), Is.Positive);
            Assert.That(found.GetProperty("max_gradient_difference").GetDouble(), Is.LessThan(1e-5));
        }

        Assert.That(CtcInProcess.Run("bench", "--shape", "6,2,4,3", "--transducer").Output, Does.Contain("6×2×4, 3"));
    }

    [Test]
    public void Two_measurements_at_once_are_refused()
    {
        CommandOutput output = CtcInProcess.Run("bench", "--linear", "8", "--decode", "20");
        Assert.That((output.ExitCode, output.Error.Trim()), Is.EqualTo((2, "ctc: --linear and --decode are given; expected at most one of them.")));
    }

    private static void AssertCases(JsonElement cases, int[] threads, string builtIn, params string[] ours)
    {
        Assert.That(cases.EnumerateArray().Select(found => found.GetProperty("threads").GetInt32()), Is.EqualTo(threads));
        foreach (JsonElement found in cases.EnumerateArray())
        {
            double Number(string key) => found.GetProperty(key).GetDouble();
            string[] times = [.. ours.Prepend(builtIn).Select(way => way + "_ms")], ratios = [.. ours.Select(way => "ratio_" + way)];
            Assert.That(Keys(found), Is.EquivalentTo(new[] { "name", "shape", "threads", "max_gradient_difference" }.Concat(times).Concat(ratios)));
            Assert.That(JsonSerializer.Serialize(found.GetProperty("shape")), Is.EqualTo("""{"T":24,"B":8,"V":1400,"U":5}"""));
            foreach (string way in ours)
            {
                Assert.That(Number(way + "_ms"), Is.Positive);
                Assert.That(Number("ratio_" + way), Is.EqualTo(Number(builtIn + "_ms") / Number(way + "_ms")).Within(1e-12));
            }

            Assert.That(Number("max_gradient_difference"), Is.Positive.And.LessThan(1e-4), "0 would be a comparison of one with itself");
        }
    }

    private static string[] Keys(JsonElement item) => [.. item.EnumerateObject().Select(property => property.Name)];
}
