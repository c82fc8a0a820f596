using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Ctc.Testing.Conformance;

/// <summary>The streams of an encoder that has a stream of every name: a part that reads one is checked whatever its options name.</summary>
/// <param name="compute">Computes the stream, when it is read.</param>
internal sealed class AnyStream(Func<Tensor> compute) : IReadOnlyDictionary<string, Tensor>
{
    private readonly Lazy<Tensor> stream = new(compute);

    public IEnumerable<string> Keys => [];

    public IEnumerable<Tensor> Values => [];

    public int Count => 0;

    public Tensor this[string key] => stream.Value;

    public bool ContainsKey(string key) => true;

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out Tensor value)
    {
        value = stream.Value;
        return true;
    }

    public IEnumerator<KeyValuePair<string, Tensor>> GetEnumerator() => Enumerable.Empty<KeyValuePair<string, Tensor>>().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
