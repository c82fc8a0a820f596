using Ctc.Configuration.Schema;
using Ctc.Engine.Objectives;

namespace Ctc.Experiments.Decoding;

/// <summary>Objectives over the outputs of other programs.</summary>
internal static class EmissionObjective
{
    /// <summary>Creates an objective.</summary>
    /// <param name="configuration">The parts.</param>
    /// <param name="tokens">The tokens of the outputs.</param>
    /// <returns>The objective, owned by the caller, and the tokens as its vocabulary.</returns>
    /// <exception cref="InvalidDataException">The topology is a transducer, or adds tokens.</exception>
    /// <exception cref="Ctc.Configuration.Yaml.ConfigurationException">The decoder does not fit the topology.</exception>
    public static (Objective Objective, Vocabulary Vocabulary) Create(ObjectiveConfiguration configuration, TokenList tokens)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(tokens);
        if (configuration.IsTransducer)
        {
            throw new InvalidDataException("The topology is a transducer, whose tokens depend on those before; expected one of frames, such as ctc.");
        }

        configuration.RefuseMisfits();
        (Objective objective, var vocabulary) = (configuration.Create(), new Vocabulary(tokens.Alphabet));
        if (objective.Topology.AddTokens(vocabulary, []) is [var added, ..])
        {
            objective.Dispose();
            throw new InvalidDataException(
                $"The topology needs the token '{added.Name}', which the outputs do not have; expected it among their tokens, or another topology.");
        }

        objective.Begin(new TrainingSet([], [], vocabulary));
        return (objective, vocabulary);
    }
}
