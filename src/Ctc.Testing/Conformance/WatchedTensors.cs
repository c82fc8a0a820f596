namespace Ctc.Testing.Conformance;

/// <summary>Tensors that a part may read and must not write into.</summary>
internal sealed class WatchedTensors
{
    private readonly Dictionary<string, (Tensor Given, Tensor Before)> watched = [];

    /// <summary>Keeps a copy of a tensor that is passed to the part.</summary>
    public Tensor Watch(string name, Tensor given)
    {
        watched.TryAdd(name, (given, given.detach().clone()));
        return given;
    }

    /// <summary>The name of a tensor that has changed; null if none has.</summary>
    public string? Written() => watched.FirstOrDefault(tensor => !IsUntouched(tensor.Value.Given, tensor.Value.Before)).Key;

    private static bool IsUntouched(Tensor given, Tensor before) => !given.IsInvalid && given.shape.SequenceEqual(before.shape)
        && given.detach().nan_to_num(double.MaxValue).equal(before.nan_to_num(double.MaxValue)).all().item<bool>();
}
