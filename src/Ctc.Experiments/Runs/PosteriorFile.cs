using System.Runtime.InteropServices;
using Ctc.Experiments.Files;
using Ctc.Experiments.Training;

namespace Ctc.Experiments.Runs;

/// <summary>The output of a trained model for many utterances, in one file of the format safetensors.</summary>
/// <remarks>
/// A tensor of float32 for each utterance, under its id: [N, V] log-probabilities in nats. The metadata hold the identity of the run as <c>run</c>,
/// the names of the V tokens as <c>symbols</c>, a JSON list, and the token of the blank as <c>blank</c>.
/// </remarks>
public static class PosteriorFile
{
    /// <summary>Writes a file. The same model and utterances give the same bytes.</summary>
    /// <param name="path">A path in an existing folder.</param>
    /// <param name="model">The model.</param>
    /// <param name="utterances">Utterances of the model's data source.</param>
    /// <exception cref="InvalidDataException">Two utterances have one id, or one has the name that the format reserves.</exception>
    public static void Write(string path, TrainedModel model, IReadOnlyList<Utterance> utterances)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(utterances);
        CheckIds(utterances);
        SafetensorsFile.Write(
            path,
            new OrderedDictionary<string, string>([KeyValuePair.Create("run", model.Identity), .. TokenNames.From(model.Vocabulary).ToMetadata()]),
            [.. utterances.Select(utterance => (utterance.Id, torch.float32, new[] { model.OutputFrames(utterance), model.Vocabulary.Size }))],
            file =>
            {
                foreach (float[] logProbs in model.ReadLogProbs(utterances)) file.Write(MemoryMarshal.AsBytes(logProbs.AsSpan()));
            });
    }

    private static void CheckIds(IReadOnlyList<Utterance> utterances)
    {
        var seen = new HashSet<string>([SafetensorsFile.MetadataName]);
        string? taken = utterances.Select(utterance => utterance.Id).FirstOrDefault(id => !seen.Add(id));
        if (taken is null) return;
        throw new InvalidDataException(
            taken == SafetensorsFile.MetadataName ? $"An utterance is called '{taken}', which safetensors reserves; expected another id."
                : $"Two utterances are called '{taken}'; expected ids of their own.");
    }
}
