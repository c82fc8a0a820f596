namespace Ctc;

/// <summary>Marks an option that names a file. </summary>
/// <remarks>The path is relative to the experiment's file. The file's content, not its name, is part of a run's identity.</remarks>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DataFileAttribute : Attribute
{
    /// <summary>Gets whether the option may also name a folder. The files in it are those of <see cref="IDataSource.DataFiles"/>.</summary>
    /// <value>The default is false.</value>
    public bool OrFolder { get; init; }

    /// <summary>Gets a word that the option takes instead of a path. A file of that name is written with its folder, as in ./word.</summary>
    /// <value>By default there is none.</value>
    public string? OrWord { get; init; }
}
