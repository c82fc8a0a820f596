namespace Ctc.Cli.Tests;

public class ExplainTests
{
    [Test]
    [Category("Slow")]
    public void Says_the_formula_the_parts_and_their_files()
    {
        CommandOutput explained = CtcCommand.Run("explain", "configs/quickstart.yaml");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(explained.ExitCode, Is.Zero);
            Assert.That(
                explained.Output, Does.StartWith("quickstart minimises (1/B) Σ_b loss_b, where for each utterance b\n\n  loss_b = w · base\n"));
            Assert.That(explained.Output, Does.Contain("γ' = (1 − ε)γ + ε/V").And.Contain("Feng, Yao and Zhang"));
            Assert.That(explained.Output, Does.Match(@"FocalCtc 0\.1\.0\.0, .*FocalCtc\.dll, sha256 [0-9a-f]{12}"));
            Assert.That(explained.Output, Does.Match(@"Identity [0-9a-f]{64}\n$"));
        }
    }

    [TestCase("objective.auxiliary=[uniform-kl]", "loss_b = share(a) · w · base + a")]
    [TestCase("objective.targets=[]", "loss_b = w · L")]
    [TestCase("objective={targets: [], weighting: []}", "loss_b = L")]
    [TestCase("objective.weighting=[focal, focal]", "loss_b = w1 · w2 · base")]
    public void The_formula_is_that_of_the_composition(string change, string formula) =>
        Assert.That(CtcInProcess.Run("explain", "configs/quickstart.yaml", change).Output, Does.Contain($"  {formula}\n"));

    [Test]
    [Category("Slow")]
    public void A_transducer_has_its_networks_in_the_formula_and_a_part_that_does_not_fit_is_refused_at_its_place()
    {
        string explained = CtcInProcess.Run("explain", "configs/transducer.yaml", "device=cpu").Output;
        Assert.That(explained, Does.Contain("  loss_b = L\n").And.Contain("p = softmax(W tanh(f_t + g_u) + b)"));
        Assert.That(explained, Does.Contain("Recursion: fused.\n  Logits: of the joint network, some frames at a time.\n"));
        const string oneToken = "objective.topology.transducer.monotonic=true";
        string monotonic = CtcInProcess.Run("explain", "configs/transducer.yaml", "device=cpu", oneToken).Output;
        Assert.That(monotonic, Does.Contain("  Logits: of the joint network, one tensor.\n"));
        foreach (string fits in new[] { "objective.weighting=[focal, length, class-rarity]", "objective.auxiliary=[entropy]" })
        {
            Assert.That(CtcInProcess.Run("explain", "configs/transducer.yaml", fits).ExitCode, Is.Zero, fits);
        }

        string[] wrong =
        [
            "emissions=[label-prior]", "lattice=[delay-penalty]", "targets=[label-smoothing]", "auxiliary=[confidence-penalty]",
            "auxiliary=[mwer]", "auxiliary=[ace]", "auxiliary=[peak-first]", "auxiliary=[uniform-kl]", "decoder=prefix-beam",
        ];
        foreach (string change in wrong)
        {
            CommandOutput refused = CtcInProcess.Run("explain", "configs/transducer.yaml", $"objective.{change}");
            string name = change.Split('=')[1].Trim('[', ']');
            Assert.That(refused.ExitCode, Is.EqualTo(2), change);
            Assert.That(refused.Error, Does.Match($"'{name}' .+, and the scores of a transducer depend on the tokens before: .+; expected"));
        }
    }

    [TestCase("objective.topology=ctc", "Recursion: fused.")]
    [TestCase("objective.targets=[]", "Recursion: fused, and with 256 tokens or more in one pass from logits.")]
    [TestCase("objective.topology=graph", "Recursion: fused.")]
    public void Says_which_recursion_walks_and_why(string change, string sentence) =>
        Assert.That(CtcInProcess.Run("explain", "configs/quickstart.yaml", "device=cpu", change).Output, Does.Contain(sentence));

    [TestCase(
        "objective.auxiliary=[entropy]",
        "Recursion: fused. For the entropy of the alignment: by a second pass, because a gradient flows through it in entropy.")]
    [TestCase(
        "objective={targets: [], heads: [{middle: {topology: graph}}, {middle: {auxiliary: [entropy]}}]}",
        "in one pass from logits. Of the head middle: fused, and with 256 tokens or more in one pass from logits. "
            + "Of the head middle-2: fused. For the entropy of the alignment: by a second pass")]
    [TestCase("objective={lattice: [delay-penalty], targets: []}", "Recursion: fused, and with 256 tokens or more in one pass from logits.")]
    [TestCase(
        "objective={topology: graph, auxiliary: [entropy]}",
        "Recursion: fused. For the entropy of the alignment: by recorded operations, many times slower, because a gradient flows through it in ")]
    public void Names_what_is_differentiable_and_why(string change, string sentence) =>
        Assert.That(CtcInProcess.Run("explain", "configs/quickstart.yaml", "device=cpu", change).Output, Does.Contain(sentence));

    [TestCase(
        "objective={targets: [], weighting: []}",
        "Logits: one tensor, and in batches of 268,435,456 or more in chunks of frames, from the hidden states and the last layer.")]
    [TestCase(
        "objective={targets: [], weighting: [focal]}",
        "last layer; a fourth matrix product in chunks, because the weights of focal depend on the model.")]
    [TestCase(
        "objective={targets: [], weighting: []} train.logits=chunks", "Logits: in chunks of frames, from the hidden states and the last layer.")]
    [TestCase("objective={emissions: [temperature], targets: []}", "Logits: one tensor, because 'temperature' may read all logits.")]
    [TestCase("objective.targets=[] train.logits=whole", "Logits: one tensor, because it is chosen.")]
    [TestCase("objective.targets=[label-smoothing] train.logits=chunks", "Logits: chunks are chosen and not possible, because 'label-smoothing'")]
    public void Says_how_logits_are_computed_and_why(string changes, string sentence)
    {
        string[] each = changes.Split(" train", StringSplitOptions.None);
        string[] arguments = each.Length == 1 ? each : [each[0], "train" + each[1]];
        Assert.That(CtcInProcess.Run(["explain", "configs/quickstart.yaml", "device=cpu", .. arguments]).Output, Does.Contain(sentence));
    }

    [TestCaseSource(nameof(Configs))]
    [Category("Slow")]
    public void Every_shipped_experiment_can_be_run(string config)
    {
        // The teacher of distillation is made by a run; any file is its content here.
        string[] made = config == "distillation.yaml" ? [$"objective.auxiliary.distillation.teacher='{typeof(ExplainTests).Assembly.Location}'"] : [];
        CommandOutput explained = CtcInProcess.Run(["explain", Path.Combine("configs", config), .. made]);
        Assert.That((explained.ExitCode, explained.Error), Is.EqualTo((0, "")));
    }

    [Test]
    [Category("Slow")]
    public void The_doctor_finds_this_machine_fit()
    {
        CommandOutput doctor = CtcCommand.Run("doctor");
        Assert.That(doctor.ExitCode, Is.Zero, doctor.Output);
        Assert.That(doctor.Output, Does.Contain("computes 1 + 1 + 1 = 3").And.Not.Contain("FAIL"));
    }

    private static IEnumerable<string> Configs() =>
        Directory.EnumerateFiles(Path.Combine(CtcCommand.Repository, "configs"), "*.yaml").Select(file => Path.GetFileName(file));
}
