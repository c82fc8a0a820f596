using Ctc.Experiments.Files;

namespace Ctc.Experiments.Training;

/// <summary>The weights of a trained model, from which a training starts in the place of random ones.</summary>
/// <param name="path">Their file, for messages.</param>
/// <param name="featureSize">The numbers in an input frame.</param>
/// <param name="tokens">The tokens that the model scores.</param>
/// <param name="load">Puts the weights into a network; an <see cref="ArgumentException"/> gives the reason if the architecture is another.</param>
internal sealed class StartingWeights(string path, int featureSize, TokenNames tokens, Action<Encoder> load)
{
    /// <summary>Opens a checkpoint of any run, or a <see cref="WeightFile"/>.</summary>
    /// <exception cref="RunFolderException">It is no checkpoint, or is damaged.</exception>
    /// <exception cref="InvalidDataException">It is no file of weights, or is damaged.</exception>
    public static StartingWeights Open(string path)
    {
        if (WeightFile.IsAt(path)) return WeightFile.Open(path);
        Checkpoint checkpoint = Checkpoint.OpenAny(path);
        TrainingState state = checkpoint.State;
        return new StartingWeights(path, state.FeatureSize, TokenNames.From(state.Vocabulary), checkpoint.LoadInto);
    }

    /// <summary>Copies the weights into a network. What belongs to a token goes to the token of the same symbol; others keep new weights.</summary>
    /// <param name="network">The network, with new weights.</param>
    /// <param name="frameSize">The numbers in an input frame of the network.</param>
    /// <param name="wanted">The tokens that the network scores.</param>
    /// <param name="build">Builds a network of the same architecture for a number of tokens.</param>
    /// <returns>What was copied.</returns>
    /// <exception cref="InvalidDataException">The model reads other features, or has another architecture.</exception>
    public WeightOrigin CopyInto(Encoder network, int frameSize, TokenNames wanted, Func<long, Encoder> build)
    {
        if (featureSize != frameSize)
        {
            throw Other($"its frames have {featureSize} numbers", $"{frameSize}, as the data have (data.height of images)");
        }

        using var scope = torch.NewDisposeScope();
        using var withoutGradient = torch.no_grad();
        if (tokens.All.SequenceEqual(wanted.All))
        {
            Load(network);
            return new WeightOrigin(path, network.state_dict().Count, wanted.Count, [], []);
        }

        using Encoder trained = build(tokens.Count), wider = build(tokens.Count + 1); // The shapes that differ are those that count tokens.
        Load(trained);
        (long[] from, long[] to) = tokens.Match(wanted);
        Tensor old = torch.tensor(from), found = torch.tensor(to);
        Dictionary<string, Tensor> source = trained.state_dict(), shapes = wider.state_dict(), into = network.state_dict();
        foreach ((string name, Tensor weight) in into)
        {
            (long[] some, long[] more) = (source[name].shape, shapes[name].shape);
            long[] counting = [.. Enumerable.Range(0, some.Length).Where(axis => some[axis] != more[axis]).Select(axis => (long)axis)];
            if (counting is []) weight.copy_(source[name]);
            else if (counting is [var axis]) weight.index_copy_(axis, found, source[name].index_select(axis, old));
            else throw Other($"its weight {name} counts tokens in {counting.Length} of its dimensions", "an encoder that counts them in one");
        }

        return new WeightOrigin(path, into.Count, to.Length, wanted.Except(to), tokens.Except(from));
    }

    private void Load(Encoder trained)
    {
        try
        {
            load(trained);
        }
        catch (ArgumentException reason)
        {
            throw Other(reason.Message.TrimEnd('.'), "weights of the encoder of this experiment, with the same options");
        }
    }

    private InvalidDataException Other(string found, string expected) =>
        new($"The weights to start from, {path}, do not fit: {found}; expected {expected}.");
}
