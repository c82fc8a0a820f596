using Ctc.Testing.Conformance;

namespace Ctc.Cli.Tests.Plugins;

/// <summary>The zoo: plugins and parts that are broken, each in a different way. Each fault is reported, and does not affect the others.</summary>
[Category("Slow"), Parallelizable] // with others that only start processes: see CtcInProcess
public class ZooTests
{
    private static readonly Lazy<CheckedPlugins> Zoo = new(() =>
    {
        using var folder = new ZooFolder();
        return new CheckedPlugins(folder.Path, "--timeout", "10");
    });

    private static readonly (string Plugin, string Problem)[] Unusable =
    [
        ("NameMissing", "its class Nameless is a part without a name; expected a Part attribute on it"),
        (
            "UnsatisfiedImport",
            "its class Importing has no usable constructor; expected one public constructor, without parameters or with only its options, NoOptions"),
        (
            "NullMetadata",
            "its class Untold has a Part attribute without a name or an options type; expected a name, and a type where there are options"),
        ("OptionsElsewhere", "it needs version 0.1.0.0 of the assembly Dependency, which was not found"),
        ("Newer", "it was built for version 0.2.0.0 of Ctc.Abstractions; expected one that fits 0.1.0.0"),
        ("PeakFirst", "it ships its own TorchSharp.dll; expected none: the host provides it"),
        ("Temperature", "it ships its own Ctc.Engine.dll; expected none: the host provides it"),
        ("EngineReference", "it references the host's Ctc.Engine; expected Ctc.Abstractions alone"),
        ("Text", "it is not a .NET assembly"),
        ("Cut", "its file is cut off or damaged"),
    ];

    private static readonly (string Plugin, string Part, string Check, string Sentence)[] Broken =
    [
        ("ThrowingConstructor", "throwing", "created", "^InvalidOperationException: the constructor failed on purpose$"),
        ("PrivateDependency", "dependent", "created", "^it needs version 0.1.0.0 of the assembly Dependency, which was not found$"),
        ("NativeDependency", "checksum", "values", "^it needs the native library nativechecksum, which could not be loaded "),
        (
            "NeedsMoreThanDeclared",
            "undeclared",
            "needs",
            "^it reads Occupancy, which it does not declare; expected Needs = Needs.Occupancy in its Part attribute"),
        ("TakenName", "focal", "name", @"FocalCtc\.dll has a loss weighting 'focal' too; expected an unused name$"),
        (
            "Misbehaving",
            "throwing-options",
            "created",
            "^the options of throwing-options cannot be made: ThrowingOptions: the options failed on purpose$"),
        ("Misbehaving", "out-of-range", "options", "^its defaults are refused: factor is 2; expected 0 to 1$"),
        ("Misbehaving", "doubling", "options", @"^written as \{""factor"":1\}, they read back as \{""factor"":2\}$"),
        (
            "Misbehaving",
            "undocumented",
            "documentation",
            "^Factor of UndocumentedOptions has no summary; expected what it does, its range and its default$"),
        ("Misbehaving", "terse", "documentation", "^the Summary of its Part attribute is 'Weighs'; expected a sentence$"),
        ("Misbehaving", "throwing-transform", "values", "^InvalidOperationException: the transform failed on purpose"),
        ("Misbehaving", "wrong-shape", "values", @"^Weigh gives shape \[\d+\]; expected \[1\]"),
        ("Misbehaving", "not-a-number", "values", "^Evaluate gives NaN; expected numbers"),
        ("Misbehaving", "single-precision", "values", "^Weigh gives Float32 for scores of Float64; expected Float64"),
        ("Misbehaving", "null-result", "values", "^Evaluate gives null; expected a tensor"),
        ("Misbehaving", "strange-label", "values", @"^Build \(labels\) gives (\d+); expected numbers in \[0, \1\)"),
        ("Misbehaving", "backwards", "values", @"^ArgumentException: Banded arcs reach \[0, 1, -2\] states back; expected 0 or more"),
        (
            "Misbehaving",
            "misspelling",
            "spelling",
            @"^the path \[.*\] of utterance 0 spells \[.*\]; expected its target, \[.*\], or another target of which it is a path"),
        ("Misbehaving", "misspelling", "draws", @"^the path \[.*\] of utterance 0 spells \[.*\]; expected its target, "),
        ("Misbehaving", "moody", "paths", "^the loss of utterance 0 is .*; expected .*, by listing all paths of the lattice"),
        (
            "Misbehaving",
            "wrong-neutral",
            "neutral",
            @"^the loss is 0 where .* was expected under plain CTC \(with \{ factor: 0 \}; smallest input T=1 B=1 "),
        ("Misbehaving", "refused-neutral", "neutral", @"^the neutral setting \{ factor: 7 \} is refused: factor is 7; expected 0 to 2$"),
        (
            "Misbehaving",
            "unmoved",
            "schedules",
            "^with Factor on its way from 1 to 1.5, at 1.125, it gives other bits than with the constant; expected the value At"),
        (
            "Misbehaving",
            "wrong-gradient",
            "gradient",
            "^the gradient along a direction is .*; expected .*, by finite differences .* declares it in Detached of its Part attribute$"),
        (
            "Misbehaving",
            "first-order",
            "second-order",
            "^the second derivative along a direction is .*; expected .*, by finite differences .* declares it in Detached of its Part attribute$"),
        (
            "Misbehaving",
            "neighbours",
            "alone",
            "^utterance 0 in its batch and alone: .*; a part that depends on the whole batch by design declares Needs.BatchStatistics"),
        ("Misbehaving", "first-come", "alone", "^with the utterances in reverse order the loss is .* was expected"),
        ("Misbehaving", "reads-padding", "padding", "^with NaN in the padding and two frames more of it the loss is .* was expected"),
        ("Misbehaving", "unmasked", "infeasible", "^beside an utterance without alignment the loss is .* was expected"),
        ("Misbehaving", "no-frames", "edges", "^on a batch without frames: the loss is NaN; expected a number"),
        ("Misbehaving", "overflowing", "precision", "^in single precision the loss is Infinity where .* was expected in double"),
        ("Misbehaving", "random", "repeat", "^the same input a second time gives other bits"),
        ("Misbehaving", "numbered", "repeat", "^a second part with the same options gives other bits"),
        ("Misbehaving", "writing", "writes", "^it writes into Shares, which is read-only; expected a new tensor as its result"),
        (
            "Misbehaving",
            "changing-targets",
            "writes",
            "^it writes into the targets of the batch, which is read-only; expected a new tensor as its result"),
        (
            "Misbehaving",
            "leaking",
            "leaks",
            "^5 tensors are left alive by 5 evaluations; expected none: tensors that a part creates belong to the caller's dispose scope"),
        (
            "Misbehaving",
            "forgetful",
            "state",
            "^saved and loaded into a new part, the learned state gives other bits; expected all of it in parameters and buffers"),
        ("Misbehaving", "wrong-in-training", "alone", "^utterance 0 in its batch and alone: .* in training "),
        (
            "Misbehaving",
            "all-threads",
            "globals",
            "^it changes the number of threads from 1 to 3, for all parts and for the command; expected no change$"),
        ("Misbehaving", "moving", "globals", "^it changes the current folder from .* to /, for all parts and for the command; expected no change$"),
        ("Misbehaving", "seeding", "globals", "^it seeds the random generator that all parts share; expected a torch.Generator of its own, or none$"),
        ("Misbehaving", "shared-note", "threads", "^beside a second objective on another thread: it gives other bits than alone$"),
        (
            "Misbehaving",
            "losing-weights",
            "outlives",
            "; expected weights that outlive the dispose scope of their creation, by DetachFromDisposeScope on each parameter$"),
        ("Misbehaving", "short-output", "values", @"^9 frames give logits of shape \[8, 2, 5\]; expected \[9, 2, 5\]$"),
        ("Misbehaving", "idle-weights", "gradient", "^no gradient reaches layer.weight$"),
        ("Misbehaving", "crowd-shy", "alone", "^an utterance of 4 frames in its batch and alone: a logit is .* was expected$"),
        ("Misbehaving", "hearing-padding", "padding", "^with NaN in the padding a logit is NaN"),
        ("Misbehaving", "coarse", "precision", @"^with 3 features a frame, in float32 a logit, over the largest, is .* was expected in float64$"),
        ("Misbehaving", "noisy", "repeat", "^the same input a second time gives other bits, though the network is not in training$"),
        (
            "Misbehaving",
            "hoarding",
            "leaks",
            "^5 tensors are left alive by 5 calls; expected none: tensors that a network creates belong to the caller's dispose scope$"),
        ("Misbehaving", "unsaved", "state", "^saved and loaded into a new network, its weights give other bits$"),
        ("Misbehaving", "missing-frames", "utterances", "^utterance a has 1 numbers; expected 2, 2 frames of 1$"),
        ("Misbehaving", "blank-in-target", "utterances", @"^utterance a has the token 0; expected tokens in \[0, 2\) other than the blank, 0$"),
        ("Misbehaving", "late-span", "utterances", "^utterance a has a token from 0 to 1.5 frames; expected a part of its 1$"),
        ("Misbehaving", "same-ids", "ids", "^the id a occurs twice; expected ids that are unique over the three sets$"),
        ("Misbehaving", "fickle", "repeat", "^loaded twice with the same options, utterance a is not the same$"),
        ("Misbehaving", "strange-token", "utterances", @"^utterance train-0 has the token 5; expected tokens in \[0, 5\) other than the blank, 0"),
        ("Misbehaving", "easy-dev", "sets", "^utterance dev-1 of the dev set is not as given at the defaults; expected the set as it is$"),
        ("Misbehaving", "eager", "unread", "^it reads the features of utterances 24 times; expected none: WithTarget and WithId keep them unread$"),
        ("Misbehaving", "restless", "repeat", "^twice with the same seed, there are .* utterances"),
        ("Misbehaving", "overwriting", "writes", "^it writes into utterance train-1 of its argument; expected another utterance"),
        ("Misbehaving", "rushing", "length", "^its value in step 1 of 8 epochs is 0.025, and 0.05 in a training of 4; expected the same, or DependsOnLength$"),
        ("Misbehaving", "speechless", "values", "^PartException: The part 'speechless' failed: it gives no hypothesis for utterance 0; expected at least one, with tokens"),
        ("Misbehaving", "unspelled", "values", @"^PartException: The part 'unspelled' failed: it reads the token (\d) in utterance 0; expected tokens in \[0, \d\) other than the blank, \1"),
        ("Misbehaving", "peeping", "values", "^InvalidOperationException: The part 'decoder-peeping' reads what depends on targets"),
        ("Misbehaving", "upside-down", "values", "^hypothesis 1 of utterance 0 has a better score than the one before; expected the best first"),
        ("Misbehaving", "sociable", "alone", "^utterance 0 in its batch and alone: the score is -2 where -1 was expected"),
        ("Misbehaving", "padding-reader", "padding", "^with NaN in the padding and two frames more of it, in utterance 0: the score is"),
        ("Misbehaving", "first-frame", "edges", "^on a batch without frames: "),
        ("Misbehaving", "tiring", "repeat", "^the same input a second time, utterance 0: the score is -2 where -1 was expected"),
        ("Misbehaving", "chances", "values", "^a log-probability is 0.5 in sequence 0; expected 0 or less$"),
        ("Misbehaving", "worn", "repeat", "^sequence 39 has other probabilities a second time, after others$"),
        ("Misbehaving", "shared-field", "threads", "^on four threads at once sequences have other probabilities than alone$"),
        ("Misbehaving", "keeping", "leaks", "^5 tensors are left alive by 5 decodings; expected none"),
        (
            "Misbehaving",
            "odd-name",
            "values",
            "^its name is 'errors/line'; expected words of lower-case letters and digits, with a space between two$"),
        ("Misbehaving", "negative-total", "values", @"^the total is -1; expected a finite number, 0 or more \(reference '.', hypothesis ''\)$"),
        ("Misbehaving", "divided", "edges", @"^the amount is NaN; expected a finite number \(reference '', hypothesis ''\)$"),
        (
            "Misbehaving",
            "wrong-direction",
            "best",
            @"^a reading without an error has the value 1, this one 0, and lower is better; expected .* \(reference '', hypothesis '.'\)$"),
        ("Misbehaving", "accumulating", "repeat", "^a second time, after others, the same utterance gives other numbers"),
    ];

    [TestCaseSource(nameof(Unusable))]
    public void A_plugin_that_cannot_be_used_is_told_why((string Plugin, string Problem) member) =>
        Assert.That(Zoo.Value.Loads(member.Plugin), Is.EqualTo(("failed", member.Problem)));

    [TestCaseSource(nameof(Broken))]
    public void A_part_that_breaks_a_promise_is_told_which((string Plugin, string Part, string Check, string Sentence) member)
    {
        (string outcome, string message) = Zoo.Value.Of(member.Plugin, member.Part, member.Check);
        Assert.That((outcome, message), Is.EqualTo(("failed", message)));
        Assert.That(message, Does.Match(member.Sentence));
    }

    [TestCase("native-crash", "^it crashed the process, by signal ")]
    [TestCase("stack-overflow", "^it crashed the process, by signal 6: Stack overflow")]
    [TestCase("late-crash", "^it crashed the process, by signal 6: Stack overflow")]
    [TestCase("exit", "^it ended the process, with exit code 0$")]
    [TestCase("endless", "^it did not end within 10 s$")]
    public void What_ends_its_process_or_never_ends_is_survived(string part, string sentence) =>
        Assert.That(Zoo.Value.Failure("Crashing", part), Does.Match(sentence));

    [TestCase("printing", "prints", "it prints 'a batch'; expected nothing: the streams of the process belong to the command")]
    [TestCase("inert", "acts", "at none of its settings did it change value or gradient; expected a change at one of them")]
    [TestCase("greedy", "needs", "it declares ViterbiPath, which it did not read; the engine computes it anyway")]
    [TestCase("all-pairs", "linear-time", "targets of 8, 16 and 32 tokens make 289, 1089, 4225 arcs a frame; expected growth in proportion")]
    [TestCase("frame-states", "linear-time", "100 and 200 frames make 351 and 651 arcs in each of them; expected no more for more frames")]
    public void What_makes_no_number_wrong_is_a_warning(string part, string check, string sentence) =>
        Assert.That(Zoo.Value.Of("Misbehaving", part, check), Is.EqualTo(("warned", sentence)));

    [Test]
    public void A_native_library_that_is_missing_is_known_when_its_plugin_is_found() => Assert.That(
        Zoo.Value.Loads("NativeDependency"),
        Is.EqualTo(("warned", "its code calls the native library nativechecksum; found neither in its folder nor in the system")));

    [Test]
    public void The_good_ones_among_them_are_not_harmed()
    {
        Assert.That(Zoo.Value.Failed(ZooFolder.Good), Is.False);
        Assert.That(Zoo.Value.Failed("TakenName", "halved"), Is.False);
        Assert.That(Zoo.Value.Failed("Crashing", "talking"), Is.False, "it comes after the parts that end the process, and prints");
        Assert.That(Zoo.Value.Results("Crashing", "talking"), Has.Count.GreaterThan(15));
    }

    // These checks cannot fail; the first three warn.
    [Test]
    public void Every_check_is_failed_by_a_member_of_the_zoo() => Assert.That(
        PartConformance.Names.Except(Broken.Select(member => member.Check)), Is.EquivalentTo(new[] { "linear-time", "acts", "prints", "cost" }));
}
