using Ctc.Testing.NUnit;
using NUnit.Framework;

namespace MyNamespace.Tests;

/// <summary>The checks of every plugin, a test for each.</summary>
[TestFixture]
public sealed class MyPartTests() : PluginTests(Path.Combine(AppContext.BaseDirectory, "plugins", "MyPlugin", "MyPlugin.dll"));
