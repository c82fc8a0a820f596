using Ctc.Testing.NUnit;
using NUnit.Framework;

namespace MyNamespace.Tests;

/// <summary>What any plugin promises, a test for each check.</summary>
[TestFixture]
public sealed class MyPartTests() : PluginTests(Path.Combine(AppContext.BaseDirectory, "plugins", "MyPlugin", "MyPlugin.dll"));
