namespace Ctc;

/// <summary>Marks an option that names a file. </summary>
/// <remarks>The path is relative to the experiment's file. The file's content, not its name, is part of a run's identity.</remarks>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DataFileAttribute : Attribute;
