using Backstake.Servers;

// Starts anvil, prints its port and waits until it is killed: the parent of ServerTests.
await using var anvil = await Anvil.StartAsync();
Console.WriteLine(anvil.Port);
await Task.Delay(Timeout.Infinite);
