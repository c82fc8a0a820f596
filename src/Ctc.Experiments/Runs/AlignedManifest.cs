using Ctc.Experiments.Texts;

namespace Ctc.Experiments.Runs;

/// <summary>The lines of a manifest whose texts a trained model is to align.</summary>
public static class AlignedManifest
{
    /// <summary>Loads a manifest.</summary>
    /// <param name="model">The model.</param>
    /// <param name="file">A manifest or a folder, with texts, as the data source <c>manifest</c> takes them.</param>
    /// <param name="refuse">Receives a sentence for each line with a symbol that the model does not have; the line is left out.</param>
    /// <returns>The lines that the model can align.</returns>
    /// <exception cref="InvalidDataException">The manifest or one of its files is not valid.</exception>
    public static IReadOnlyList<Utterance> Load(TrainedModel model, string file, Action<string> refuse)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(refuse);
        (Alphabet whole, IReadOnlyList<Utterance> lines) = LabelledManifest.Load(file, model.Experiment.Data, model.Vocabulary.Alphabet!);
        return [.. lines.Where(line =>
        {
            long unknown = line.Target.FirstOrDefault(token => token >= model.Vocabulary.TargetTokens, whole.Blank);
            if (unknown == whole.Blank) return true;
            refuse($"{Printable.Line(line.Id)} has the symbol '{Printable.Line(whole[unknown])}'; expected those that the model was trained on.");
            return false;
        })];
    }
}
