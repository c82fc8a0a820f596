using Ctc.Configuration.Yaml;

namespace Ctc.Configuration.Binding;

/// <summary>A record that is written like a part, <c>{ name: { key: value } }</c> or <c>name</c>, and has a name of the user's choice.</summary>
internal interface INamedRecord
{
    /// <summary>Gets the name.</summary>
    string Name { get; }

    /// <summary>Returns the record under a name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="location">The position of the name.</param>
    INamedRecord Named(string name, YamlLocation location);
}
