using Microsoft.Extensions.DependencyInjection;
using System.Text;
using System.Text.Json.Nodes;
using Ctc.Cli.Commands.Loss;
using Ctc.Experiments;
using Ctc.Hosting;

namespace Ctc.Cli.Tests.Loss;

/// <summary><c>ctc loss</c> from standard input to standard output, in this process and with the shipped plugins.</summary>
internal static class LossInProcess
{
    public static PartCatalog Parts { get; } = new ServiceCollection().AddCtcExperiments()
        .AddCtcPlugins(PluginCatalog.Discover([Path.Combine(AppContext.BaseDirectory, "plugins")])).BuildServiceProvider()
        .GetRequiredService<PartCatalog>();

    /// <summary>Answers one valid request.</summary>
    public static JsonNode Ask(JsonNode request)
    {
        (int exitCode, string[] lines) = Run(request.ToJsonString());
        Assert.That(lines, Has.Length.EqualTo(1));
        Assert.That(exitCode, Is.Zero, lines[0]);
        return JsonNode.Parse(lines[0])!;
    }

    /// <summary>The error sentence of an invalid request.</summary>
    public static string Refusal(string request)
    {
        (int exitCode, string[] lines) = Run(request);
        Assert.That(lines, Has.Length.EqualTo(1));
        Assert.That(exitCode, Is.EqualTo(2), lines[0]);
        return JsonNode.Parse(lines[0])!["error"]!.GetValue<string>();
    }

    public static (int ExitCode, string[] Lines) Run(string input) => Run(Encoding.UTF8.GetBytes(input));

    public static (int ExitCode, string[] Lines) Run(byte[] input, params string[] files)
    {
        using var from = new MemoryStream(input);
        using var to = new MemoryStream();
        int exitCode = LossCommand.Run(Parts, files, from, to, TextWriter.Null);
        return (exitCode, Encoding.UTF8.GetString(to.ToArray()).Split('\n')[..^1]);
    }

    /// <summary>The lines that go to standard error beside the answers.</summary>
    public static string Warnings(string input)
    {
        using var from = new MemoryStream(Encoding.UTF8.GetBytes(input));
        using var to = new StringWriter();
        LossCommand.Run(Parts, [], from, Stream.Null, to);
        return to.ToString();
    }

    /// <summary>All numbers of a nest, row by row.</summary>
    public static double[] Numbers(JsonNode? nest) => nest switch
    {
        JsonArray array => [.. array.SelectMany(Numbers)],
        JsonValue value when value.TryGetValue(out string? text) => [NotFinite(text)],
        _ => [nest!.GetValue<double>()],
    };

    /// <summary>Numbers as nested lists, in the form of a request.</summary>
    public static JsonArray Nest(Tensor values)
    {
        long[] shape = values.shape;
        double[] flat = shape.Contains(0) ? [] : values.to(torch.float64).contiguous().data<double>().ToArray();
        return Nest(flat, shape);
    }

    public static JsonArray Nest(ReadOnlySpan<double> flat, ReadOnlySpan<long> shape)
    {
        var nest = new JsonArray();
        int count = (int)shape[0], inner = count == 0 ? 0 : flat.Length / count;
        for (int i = 0; i < count; i++)
        {
            nest.Add(shape.Length > 1 ? Nest(flat.Slice(i * inner, inner), shape[1..]) : Number(flat[i]));
        }

        return nest;
    }

    public static JsonArray Targets(Batch batch) =>
        [.. batch.Targets.Select(target => (JsonNode)new JsonArray([.. target.Select(token => JsonValue.Create(token))]))];

    public static JsonArray Lengths(Batch batch) => [.. batch.Frames.Select(frames => (JsonNode)JsonValue.Create(frames))];

    private static double NotFinite(string text) => text switch
    {
        "-inf" => double.NegativeInfinity,
        "inf" => double.PositiveInfinity,
        "nan" => double.NaN,
        _ => throw new FormatException(text),
    };

    private static JsonValue Number(double number) =>
        double.IsFinite(number) ? JsonValue.Create(number) : JsonValue.Create(double.IsNaN(number) ? "nan" : number > 0 ? "inf" : "-inf")!;
}
