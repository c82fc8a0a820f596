namespace Ctc;

/// <summary>Marks an option that names a file. Relative to the experiment's file; its content, not its name, identifies a run.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DataFileAttribute : Attribute;
