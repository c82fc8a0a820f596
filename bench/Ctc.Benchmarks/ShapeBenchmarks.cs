using BenchmarkDotNet.Attributes;
using Ctc.Cli.Commands.Bench;

namespace Ctc.Benchmarks;

/// <summary>A batch for each shape of <c>ctc bench</c>, drawn once.</summary>
public abstract class ShapeBenchmarks
{
    private DisposeScope? scope;

    /// <summary>Gets the names of the shapes.</summary>
    public static IEnumerable<string> Shapes => LossBenchmark.Shapes.Select(shape => shape.Name);

    /// <summary>Gets or sets the name of the shape.</summary>
    [ParamsSource(nameof(Shapes))]
    public string Shape { get; set; } = "";

    private protected BenchmarkBatch Drawn { get; private set; } = null!;

    /// <summary>Draws the numbers.</summary>
    [GlobalSetup]
    public virtual void Draw()
    {
        torch.set_num_threads(1);
        scope = torch.NewDisposeScope();
        Drawn = LossBenchmark.Shapes.Single(shape => shape.Name == Shape).Draw();
    }

    /// <summary>Frees them.</summary>
    [GlobalCleanup]
    public void LetGo() => scope?.Dispose();

    private protected void Gradient(Func<Tensor, Tensor> loss)
    {
        using DisposeScope inside = torch.NewDisposeScope();
        Drawn.Gradient(loss);
    }
}
