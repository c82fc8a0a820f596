using Ctc.Engine.Topologies;

namespace Ctc.Engine.Tests.Decoding;

/// <summary>CTC for targets; for all paths a state for each token, and a random score for each pair of neighbours.</summary>
internal sealed class Transitions : ITopology
{
    public Lattices Build(Batch batch) => new CtcTopology().Build(batch);

    public Lattice BuildEverything(Batch batch)
    {
        long tokens = batch.Tokens, size = batch.Size;
        Tensor scores = torch.randn([tokens, 1, tokens], torch.float64, generator: new torch.Generator(1)).expand(-1, size, -1).contiguous();
        Tensor sources = torch.arange(tokens).view(-1, 1, 1).expand(tokens, size, tokens).contiguous();
        Tensor labels = torch.arange(tokens).expand(size, -1).contiguous(), zeros = torch.zeros([size, tokens], torch.float64);
        return new Lattice(labels, new IndexedArcs(sources, scores), zeros, zeros.clone(), torch.zeros([size], torch.float64));
    }

    Lattice? ITopology.BuildEverything(Batch batch) => BuildEverything(batch);
}
