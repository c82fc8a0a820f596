namespace Ctc.Testing.Conformance;

/// <summary>Checks of encoders: logits do not depend on padding or other utterances; weights stay alive, receive gradients and are saved.</summary>
internal static class EncoderChecks
{
    private const int F = 3;
    private const long V = 5;
    private const double Rounding = 1e-4; // float32, and sums in another order
    private const double GradientRounding = 1e-2; // relative to the largest slope of the tensor; a ReLU may switch by rounding
    private static readonly long[] Lengths = [4, 9, 1, 9, 6];

    /// <summary>Builds a network and trains it for a step, with the random generator as it is.</summary>
    public static void Use(Setting setting)
    {
        using Encoder network = ((IEncoder)setting.Factory.CreatePart(setting.Options)).Build(F, V);
        network.train();
        network.call(Features(), torch.tensor(Lengths)).sum().backward();
    }

    public static string? Shapes(Setting setting)
    {
        using Encoder network = Build(setting);
        foreach (long longest in new long[] { 9, 1 })
        {
            Tensor logits = Call(network, torch.randn(longest, 2, F), [longest, 1]);
            long[] expected = [network.OutputFrames(longest), 2, V];
            if (!logits.shape.SequenceEqual(expected))
            {
                return $"{longest} frames give logits of shape [{string.Join(", ", logits.shape)}]; expected [{string.Join(", ", expected)}]";
            }
            if (!logits.isfinite().all().item<bool>()) return $"{longest} frames give logits that are not finite";
        }

        return null;
    }

    public static string? Alone(Setting setting)
    {
        using Encoder network = Build(setting);
        Tensor features = Features();
        Tensor together = Call(network, features, Lengths);
        for (int b = 0; b < Lengths.Length; b++)
        {
            Tensor alone = Call(network, features.narrow(0, 0, Lengths[b]).narrow(1, b, 1), [Lengths[b]]);
            string? difference = Evaluated.Difference(together.narrow(0, 0, network.OutputFrames(Lengths[b])).narrow(1, b, 1), alone, Rounding);
            if (difference is not null) return $"an utterance of {Lengths[b]} frames in its batch and alone: a logit {difference}";
        }

        return null;
    }

    public static string? Padding(Setting setting)
    {
        using Encoder network = Build(setting);
        Tensor clean = Features(), padded = clean.clone();
        for (int b = 0; b < Lengths.Length; b++) padded.narrow(0, Lengths[b], 9 - Lengths[b]).select(1, b).fill_(float.NaN);
        Tensor expected = Call(network, clean, Lengths), found = Call(network, padded, Lengths);
        for (int b = 0; b < Lengths.Length; b++)
        {
            Tensor Valid(Tensor logits) => logits.narrow(0, 0, network.OutputFrames(Lengths[b])).select(1, b);
            if (Evaluated.Difference(Valid(found), Valid(expected), Rounding) is { } difference)
            {
                return $"with NaN in the padding a logit {difference}";
            }
        }

        return null;
    }

    public static string? Gradient(Setting setting)
    {
        using Encoder network = Build(setting);
        network.train();
        network.call(Features(), torch.tensor(Lengths)).square().sum().backward();
        string[] unreached =
            [.. network.named_parameters().Where(weight => weight.parameter.requires_grad && weight.parameter.grad is not { } reached)
            .Select(weight => weight.name)];
        if (unreached.Length > 0) return $"no gradient reaches {string.Join(", ", unreached)}";
        string[] infinite = [.. network.named_parameters()
            .Where(weight => weight.parameter.grad is { } slope && !slope.isfinite().all().item<bool>()).Select(weight => weight.name)];
        return infinite.Length > 0 ? $"the gradient of {string.Join(", ", infinite)} is not finite" : null;
    }

    /// <summary>
    /// Output and gradients in float32 are those in float64, at numbers of features that do and do not fill a block of the native library's
    /// vectors: some convolutions of libtorch read memory behind the last block.
    /// </summary>
    public static string? Precision(Setting setting)
    {
        foreach (int features in new[] { F, 17, 18, 24, 32 })
        {
            using DisposeScope scope = torch.NewDisposeScope();
            using Encoder single = Build(setting, features: features), precise = Build(setting, features: features);
            precise.to(torch.float64);
            Tensor input = Features(features);
            Tensor found = single.call(input, torch.tensor(Lengths)), expected = precise.call(input.to(torch.float64), torch.tensor(Lengths));
            string where = $"with {features} features a frame, in float32";
            if (found.dtype != torch.float32) return $"{where} the logits are {found.dtype}; expected Float32";
            Tensor scale = expected.detach().abs().max().clamp(min: 1e-12);
            if (Evaluated.Difference(found / scale, expected / scale, Rounding) is { } difference)
            {
                return $"{where} a logit, over the largest, {difference} in float64";
            }

            found.sin().sum().backward();
            expected.sin().sum().backward();
            foreach ((string name, TorchSharp.Modules.Parameter weight) in precise.named_parameters())
            {
                if (weight.grad is not { } slope || single.get_parameter(name)?.grad is not { } given) continue;
                Tensor largest = slope.abs().max().clamp(min: 1e-6);
                if (Evaluated.Difference(given / largest, slope / largest, GradientRounding) is { } fault)
                {
                    return $"{where} the gradient of {name}, over the largest, {fault} in float64";
                }
            }
        }

        return null;
    }

    /// <summary>Weights created within a dispose scope must outlive it.</summary>
    public static string? Outlives(Setting setting)
    {
        Encoder network;
        string[] made;
        using (torch.NewDisposeScope())
        {
            network = Build(setting);
            made = [.. network.state_dict().Keys];
        }

        using (network)
        {
            string[] living = [.. network.state_dict().Where(weight => !weight.Value.IsInvalid).Select(weight => weight.Key)];
            string[] gone = [.. made.Except(living)];
            string? fault =
                made.Length == 0 ? "the network has no weights" : gone.Length > 0 ? $"the network has lost {string.Join(", ", gone)}" : null;
            return fault is null
                ? null
                : $"{fault}; expected weights that outlive the dispose scope of their creation, by DetachFromDisposeScope on each parameter";
        }
    }

    public static string? State(Setting setting)
    {
        using Encoder one = Build(setting, seed: 1), other = Build(setting, seed: 2);
        using var file = new MemoryStream();
        one.save(file);
        other.load(new MemoryStream(file.ToArray()));
        Tensor features = Features();
        return Evaluated.Bits(Call(one, features, Lengths), Call(other, features, Lengths))
            ? null
            : "saved and loaded into a new network, its weights give other bits";
    }

    public static string? Repeat(Setting setting)
    {
        using Encoder one = Build(setting), other = Build(setting);
        Tensor features = Features(), first = Call(one, features, Lengths);
        return !Evaluated.Bits(first, Call(one, features,
            Lengths)) ? "the same input a second time gives other bits, though the network is not in training"
            : !Evaluated.Bits(first, Call(other, features, Lengths)) ? "the same seed builds another network"
            : null;
    }

    public static string? Leaks(Setting setting)
    {
        using Encoder network = Build(setting);
        return LiveTensors.LeftBy("calls", "tensors that a network creates belong to the caller's dispose scope", () =>
        {
            network.call(Features(), torch.tensor(Lengths)).sum().backward();
            foreach ((_, TorchSharp.Modules.Parameter weight) in network.named_parameters()) weight.grad = null;
        });
    }

    private static Encoder Build(Setting setting, long seed = 7, int features = F)
    {
        torch.random.manual_seed(seed);
        Encoder network = ((IEncoder)setting.Factory.CreatePart(setting.Options)).Build(features, V);
        network.eval();
        return network;
    }

    private static Tensor Features(int features = F) => torch.randn([9, Lengths.Length, features], generator: new torch.Generator(3));

    private static Tensor Call(Encoder network, Tensor features, long[] lengths)
    {
        using var withoutGradient = torch.no_grad();
        return network.call(features, torch.tensor(lengths));
    }
}
