using Ctc.Experiments.Training;

namespace Ctc.Experiments.Runs;

/// <summary>Measures a trained model as a run measures its test set, by the metrics with which the model was loaded.</summary>
/// <remarks>Boundaries of tokens are not measured: they are those of the whole objective, of which a trained model has the topology alone.</remarks>
public static class ModelMeasurement
{
    /// <summary>Measures a model on a set of its run's data.</summary>
    /// <param name="model">The model.</param>
    /// <param name="set">train, dev or test.</param>
    /// <returns>The numbers of the test set are those of the run.</returns>
    /// <exception cref="InvalidDataException">A file of the data is not there any more, or is not valid.</exception>
    public static Measurement MeasureSet(TrainedModel model, string set)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.Measure(model.Vocabulary.Alphabet!, model.LoadSet(set));
    }

    /// <summary>Measures a model on the lines of a manifest.</summary>
    /// <param name="model">The model.</param>
    /// <param name="file">A manifest or a folder, with texts, as the data source <c>manifest</c> takes them.</param>
    /// <param name="refuse">Receives a sentence for each line that is left out: it or its input is not valid.</param>
    /// <returns>Symbols that the model cannot read count as errors; their utterances have no loss.</returns>
    /// <exception cref="InvalidDataException">The manifest cannot be read, or has no valid line.</exception>
    public static Measurement MeasureManifest(TrainedModel model, string file, Action<string> refuse)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(refuse);
        Alphabet alphabet = model.Vocabulary.Alphabet!;
        (Alphabet whole, IReadOnlyList<Utterance> lines) = LabelledManifest.Load(file, model.Experiment.Data, alphabet, refuse);
        return LabelledManifest.CountUnknown(model.Measure(whole, lines), alphabet);
    }
}
