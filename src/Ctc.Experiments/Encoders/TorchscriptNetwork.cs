using TorchSharp.Modules;

namespace Ctc.Experiments.Encoders;

/// <summary>The network of <see cref="Torchscript"/>. Its output for an utterance does not depend on the rest of the batch.</summary>
/// <remarks>Where the model reads batches, that is up to the model.</remarks>
internal sealed class TorchscriptNetwork : Encoder
{
    private readonly TorchscriptOptions options;
    private readonly ScriptModel model;
    private readonly long[] order; // of the logits, the blank first

    private readonly torch.jit.ScriptModule script;
    private readonly Linear? output;

    /// <summary>Loads the model and calls it once.</summary>
    /// <exception cref="InvalidDataException">The file is no such model, or does not fit the options, features or tokens.</exception>
    public TorchscriptNetwork(int featureSize, long tokens, TorchscriptOptions options)
        : base(nameof(Torchscript))
    {
        using var scope = torch.NewDisposeScope();
        this.options = options;
        model = ScriptModel.Load(options);
        script = model.Module;
        long width = Probe(featureSize);
        if (options.Output == ScriptOutput.Features) output = torch.nn.Linear(width, tokens);
        else if (width != tokens) throw model.Wrong($"it returned {width} numbers a frame", $"{tokens}, one for each token, the blank included");
        if (options.Blank >= tokens) throw model.Wrong($"its option blank is {options.Blank}", $"less than {tokens}, the number of tokens");
        order = [options.Blank, .. Enumerable.Range(0, (int)tokens).Where(token => token != options.Blank)];
        Register();
        foreach (Tensor weight in state_dict().Values) weight.DetachFromDisposeScope(); // Weights belong to the network.
        train();
    }

    // The weights and not the module: TorchSharp disposes a script that is part of another module twice.
    private void Register()
    {
        foreach ((string name, Parameter weight) in script.named_parameters())
        {
            weight.requires_grad = !options.Frozen && weight.is_floating_point();
            register_parameter($"{nameof(script)}.{name}", weight);
        }

        foreach ((string name, Tensor buffer) in script.named_buffers()) register_buffer($"{nameof(script)}.{name}", buffer);
        if (output is not null) register_module(nameof(output), output);
    }

    /// <inheritdoc/>
    public override long OutputFrames(long frames) => frames < options.Window ? 0 : ((frames - options.Window) / options.Stride) + 1;

    /// <inheritdoc/>
    public override void train(bool on = true)
    {
        base.train(on);
        script.train(on && !options.Frozen);
    }

    public override Tensor forward(Tensor features, Tensor frames)
    {
        using var scope = torch.NewDisposeScope();
        return Read(features, frames).Logits.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override EncoderOutput Read(Tensor features, Tensor frames)
    {
        using var scope = torch.NewDisposeScope();
        if (features.device.type != DeviceType.CPU) throw model.Wrong($"the device is {features.device}", "device: cpu, where this encoder computes");
        Tensor read = options.Batched ? Together(features, frames) : OneByOne(features, frames.data<long>().ToArray());
        if (output is not null) return new EncoderOutput(new LinearOutput(read.MoveToOuterDisposeScope(), output.weight!, output.bias));
        if (options.Blank > 0) read = read.index_select(2, torch.tensor(order, device: read.device));
        return new EncoderOutput(read.MoveToOuterDisposeScope());
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing) script.Dispose();
    }

    private Tensor Together(Tensor features, Tensor frames)
    {
        long longest = OutputFrames(features.shape[0]);
        return longest == 0 ? Nothing(features, 0) : model.Call(Padding.Cleared(features, frames), frames, longest);
    }

    private Tensor OneByOne(Tensor features, long[] frames)
    {
        long longest = OutputFrames(features.shape[0]);
        return torch.cat([.. frames.Select((length, b) => One(features.narrow(1, b, 1).narrow(0, 0, length), length, longest))], 1);
    }

    // [T, 1, F] → [longest, 1, V]
    private Tensor One(Tensor features, long length, long longest)
    {
        long expected = OutputFrames(length);
        if (expected == 0) return Nothing(features, longest);
        Tensor read = model.Call(features, torch.tensor(new[] { length }), expected);
        return expected == longest ? read : torch.nn.functional.pad(read, [0, 0, 0, 0, 0, longest - expected]);
    }

    private Tensor Nothing(Tensor features, long frames) => features.new_zeros(frames, features.shape[1], output?.in_features ?? order.Length);

    // The width of what the model returns.
    private long Probe(int featureSize)
    {
        using var withoutGradient = torch.no_grad();
        script.eval();
        long frames = options.Window + (options.Stride * 31L);
        return model.Call(torch.zeros(frames, 1, featureSize), torch.tensor(new[] { frames }), OutputFrames(frames)).shape[2];
    }
}
