using Ctc.Experiments.Data.Common;

namespace Ctc.Cli.Commands.Init;

/// <summary>Writes an experiment for one kind of data.</summary>
internal interface IRecipe
{
    /// <summary>Gets what the experiment is for.</summary>
    string Summary { get; }

    /// <summary>Writes the experiment.</summary>
    /// <param name="path">Where the data are.</param>
    /// <param name="folder">The folder of the experiment, from which its relative paths start.</param>
    /// <param name="survey">Looks at the data of an experiment in YAML.</param>
    /// <returns>Commented YAML.</returns>
    /// <exception cref="InvalidDataException">There are no such data.</exception>
    string Write(string path, string folder, Func<string, LineSurvey> survey);
}
