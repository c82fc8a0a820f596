using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ctc.Experiments.Encoders;

/// <summary>The model of <see cref="Torchscript"/>: one call of it, with dimensions in the order of this program.</summary>
internal sealed class ScriptModel
{
    private readonly TorchscriptOptions options;

    private ScriptModel(TorchscriptOptions options, torch.jit.ScriptModule module) => (this.options, Module) = (options, module);

    /// <summary>Gets the module with the weights.</summary>
    public torch.jit.ScriptModule Module { get; }

    /// <summary>Loads a model onto the CPU.</summary>
    /// <exception cref="InvalidDataException">The file is something else.</exception>
    public static ScriptModel Load(TorchscriptOptions options)
    {
        try
        {
            // libtorch reports a file of another kind by sentences of its own.
            using (ZipArchive archive = ZipFile.OpenRead(options.File))
            {
                bool hasCode = archive.Entries.Any(entry => entry.FullName.Contains("/code/", StringComparison.Ordinal));
                if (!hasCode) throw new InvalidDataException("it holds no code");
            }

            return new ScriptModel(options, torch.jit.load(options.File));
        }
        catch (Exception failure) when (failure is InvalidDataException or ExternalException or IOException or UnauthorizedAccessException)
        {
            string reason = failure.Message.Split('\n')[0].TrimEnd('.');
            throw new InvalidDataException($"{options.File} is no model ({reason}); expected a file that torch.jit.save wrote.", failure);
        }
    }

    /// <summary>Calls the model.</summary>
    /// <param name="features">[T, B, F].</param>
    /// <param name="frames">[B] lengths of type int64, on the CPU.</param>
    /// <param name="expected">T'.</param>
    /// <returns>[T', B, V], V the width of the model.</returns>
    /// <exception cref="InvalidDataException">The model cannot be called in this way, or returns something else.</exception>
    public Tensor Call(Tensor features, Tensor frames, long expected)
    {
        Tensor output = First(Invoke(Arranged(features), frames));
        if (output.dim() != 3) throw Wrong($"it returned the dimensions [{string.Join(", ", output.shape)}]", $"three, {options.Order}");
        output = options.Order switch
        {
            ScriptOrder.Btv => output.transpose(0, 1),
            ScriptOrder.Bvt => output.permute(2, 0, 1),
            _ => output,
        };
        (long found, long rows) = (output.shape[0], output.shape[1]);
        if (rows == features.shape[1] && found == expected) return output;
        throw Wrong(
            $"of {features.shape[1]} utterances of up to {features.shape[0]} frames it returned {found} frames for {rows} utterances",
            $"{expected} frames for each, by the options stride, window and order");
    }

    /// <summary>The sentence for a model that cannot be used.</summary>
    public InvalidDataException Wrong(string found, string expected, Exception? cause = null) =>
        new($"The model {options.File}: {found}; expected {expected}.", cause);

    private Tensor Arranged(Tensor features) => options.Input switch
    {
        ScriptInput.Btf => features.transpose(0, 1).contiguous(),
        ScriptInput.Bft => features.permute(1, 2, 0).contiguous(),
        ScriptInput.Image => features.permute(1, 2, 0).unsqueeze(1).contiguous(),
        _ => features,
    };

    private object? Invoke(Tensor input, Tensor frames)
    {
        try
        {
            return options.Lengths ? Module.call(input, frames.to(input.device)) : Module.call(input);
        }
        catch (Exception failure) when (failure is ExternalException or NotImplementedException)
        {
            string reason = failure.Message.Split('\n').Select(line => line.Trim()).LastOrDefault(line => line.Length > 0, "it failed");
            string arguments = $"the dimensions [{string.Join(", ", input.shape)}]{(options.Lengths ? " and lengths" : "")}";
            throw Wrong(
                $"a call with {arguments} failed: {reason.TrimEnd('.')}", "a model for them, by the options input and lengths", failure);
        }
    }

    private Tensor First(object? result) => result switch
    {
        Tensor tensor => tensor,
        Tensor[] { Length: > 0 } several => several[0],
        ITuple { Length: > 0 } several when several[0] is Tensor tensor => tensor,
        _ => throw Wrong("it returned no tensor", "a tensor, or several of which the first is taken"),
    };
}
