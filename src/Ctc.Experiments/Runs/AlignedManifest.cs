using Ctc.Experiments.Texts;

namespace Ctc.Experiments.Runs;

/// <summary>The lines of a manifest whose texts a trained model is to align.</summary>
public static class AlignedManifest
{
    /// <summary>Loads a manifest.</summary>
    /// <param name="model">The model.</param>
    /// <param name="file">A manifest or a folder, with texts, as the data source <c>manifest</c> takes them.</param>
    /// <param name="refuse">
    /// Receives a sentence for each line that is left out: it or its input is not valid, or it has a symbol that the model does not have.
    /// </param>
    /// <returns>The lines that the model can align.</returns>
    /// <exception cref="InvalidDataException">The manifest cannot be read, or has no valid line.</exception>
    public static IReadOnlyList<Utterance> Load(TrainedModel model, string file, Action<string> refuse)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(refuse);
        (Alphabet whole, IReadOnlyList<Utterance> lines) = LabelledManifest.Load(file, model.Experiment.Data, model.Vocabulary.Alphabet!, refuse);
        return [.. lines.Where(line =>
        {
            long unknown = line.Target.FirstOrDefault(token => token >= model.Vocabulary.TargetTokens, whole.Blank);
            if (unknown == whole.Blank) return true;
            refuse($"{Printable.Line(line.Id)} has the symbol '{Printable.Line(whole[unknown])}'; expected those that the model was trained on.");
            return false;
        })];
    }
}
