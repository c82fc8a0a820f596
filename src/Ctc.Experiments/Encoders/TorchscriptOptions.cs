using System.ComponentModel.DataAnnotations;

namespace Ctc.Experiments.Encoders;

/// <summary>A model of another program, and how it is called.</summary>
public sealed record TorchscriptOptions
{
    /// <summary>Gets the file, as <c>torch.jit.save</c> writes it.</summary>
    /// <value>A file; there is no default.</value>
    [DataFile]
    public required string File { get; init; }

    /// <summary>Gets the input of the model: the order of batch, frames (time) and features, or an image.</summary>
    /// <value>btf, the default; tbf; bft; image, which is [B, 1, F, T].</value>
    public ScriptInput Input { get; init; }

    /// <summary>Gets whether the model takes the lengths of the utterances, [B] of type int64, as its second argument.</summary>
    /// <value>By default it does not.</value>
    public bool Lengths { get; init; }

    /// <summary>Gets whether the model reads several utterances at once, with zeros as padding.</summary>
    /// <value>By default it reads one at a time, because padding changes what many models return for the shorter utterances.</value>
    public bool Batched { get; init; }

    /// <summary>Gets the order of the output. Of several outputs the first one is taken.</summary>
    /// <value>btv, the default; tbv; bvt.</value>
    public ScriptOrder Order { get; init; }

    /// <summary>Gets what the output is.</summary>
    /// <value>
    /// logits, the default, of the tokens of the data, which log-probabilities are too; features, on which a linear layer to the tokens is trained.
    /// </value>
    public ScriptOutput Output { get; init; }

    /// <summary>Gets the place of the blank among the logits of a frame. The other tokens are in the order of the data's symbols.</summary>
    /// <value>0 or more; the default is 0.</value>
    [Range(0, int.MaxValue)]
    public int Blank { get; init; }

    /// <summary>Gets the input frames from one output frame to the next.</summary>
    /// <value>1 or more; the default is 1.</value>
    [Range(1, 1024)]
    public int Stride { get; init; } = 1;

    /// <summary>Gets the input frames that the first output frame needs: N frames become ⌊(N − window) / stride⌋ + 1.</summary>
    /// <value>1 or more; the default is 1, which makes that ⌈N / stride⌉. At the stride it is ⌊N / stride⌋.</value>
    [Range(1, 65536)]
    public int Window { get; init; } = 1;

    /// <summary>Gets whether the weights of the model stay as they are. It is then in evaluation mode, in training too.</summary>
    /// <value>By default they are trained.</value>
    public bool Frozen { get; init; }
}

/// <summary>The input that a model takes.</summary>
public enum ScriptInput
{
    /// <summary>[B, T, F].</summary>
    Btf,

    /// <summary>[T, B, F].</summary>
    Tbf,

    /// <summary>[B, F, T].</summary>
    Bft,

    /// <summary>[B, 1, F, T].</summary>
    Image,
}

/// <summary>The order of what a model returns.</summary>
public enum ScriptOrder
{
    /// <summary>[B, T, V].</summary>
    Btv,

    /// <summary>[T, B, V].</summary>
    Tbv,

    /// <summary>[B, V, T].</summary>
    Bvt,
}

/// <summary>The meaning of what a model returns.</summary>
public enum ScriptOutput
{
    /// <summary>Logits or log-probabilities.</summary>
    Logits,

    /// <summary>Hidden states.</summary>
    Features,
}
