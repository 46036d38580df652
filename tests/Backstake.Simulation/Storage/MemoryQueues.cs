using System.Xml.Linq;
using Backstake.Simulation.Engine;

namespace Backstake.Simulation.Storage;

/// <summary>A message in a queue.</summary>
public sealed class QueuedMessage(long id, string queue, string text, DateTimeOffset visibleAt)
{
    public long Id { get; } = id;

    public string Queue { get; } = queue;

    /// <summary>As it was put: Base64 for the Functions host.</summary>
    public string Text { get; } = text;

    public DateTimeOffset VisibleAt { get; set; } = visibleAt;

    public int DequeueCount { get; set; }

    /// <summary>Changes at every get: only who got the message last may delete it.</summary>
    public int PopReceipt { get; set; }
}

/// <summary>Queue storage: put with a delay, get with a visibility timeout and a pop receipt, delete. The host, which gets and deletes, is part of the simulator.</summary>
public sealed class MemoryQueues(Func<DateTimeOffset> now)
{
    readonly SortedDictionary<string, SortedDictionary<long, QueuedMessage>> queues = new(StringComparer.Ordinal);
    long lastId;

    /// <summary>Told of every message that was put.</summary>
    public Action<QueuedMessage>? Put { get; set; }

    public IEnumerable<QueuedMessage> All => queues.Values.SelectMany(messages => messages.Values);

    public QueuedMessage Add(string queue, string text, TimeSpan delay)
    {
        var message = new QueuedMessage(++lastId, queue, text, now() + delay);
        if (!queues.TryGetValue(queue, out var messages))
            queues[queue] = messages = [];
        messages.Add(message.Id, message);
        return message;
    }

    public bool Holds(QueuedMessage message) => queues.TryGetValue(message.Queue, out var messages) && messages.ContainsKey(message.Id);

    /// <summary>Gets the message, if it is visible: it is invisible for that long, and there is a new pop receipt.</summary>
    public bool Take(QueuedMessage message, TimeSpan invisible)
    {
        if (!Holds(message) || message.VisibleAt > now())
            return false;
        message.VisibleAt = now() + invisible;
        message.DequeueCount++;
        message.PopReceipt++;
        return true;
    }

    /// <summary>False if the message is gone, or somebody else got it meanwhile.</summary>
    public bool Delete(QueuedMessage message, int popReceipt) =>
        message.PopReceipt == popReceipt && queues.TryGetValue(message.Queue, out var messages) && messages.Remove(message.Id);

    public Answer Answer(StorageRequest request)
    {
        try
        {
            var path = request.Path[1..].Split('/');
            return (request.Method, path.Length) switch
            {
                ("PUT", 1) => Engine.Answer.Empty(queues.TryAdd(path[0], []) ? 201 : 204),
                ("POST", 2) => PutMessage(path[0], request),
                _ => throw new StorageRefusal(405, "UnsupportedHttpVerb", "The resource doesn't support specified Http Verb."),
            };
        }
        catch (StorageRefusal refusal)
        {
            return MemoryBlobs.Refused(refusal);
        }
    }

    Answer PutMessage(string queue, StorageRequest request)
    {
        if (!queues.ContainsKey(queue))
            throw new StorageRefusal(404, "QueueNotFound", "The specified queue does not exist.");
        if (request.Body.Length > 64 * 1024)
            throw new StorageRefusal(413, "RequestBodyTooLarge", "The request body is too large and exceeds the maximum permissible limit.");
        var text = XDocument.Load(new MemoryStream(request.Body)).Root!.Element("MessageText")!.Value;
        var delay = request.Query("visibilitytimeout") is { Length: > 0 } seconds ? TimeSpan.FromSeconds(int.Parse(seconds)) : TimeSpan.Zero;
        var message = Add(queue, text, delay);
        Put?.Invoke(message);
        return new Answer(201, Encoding.UTF8.GetBytes(
            $"<?xml version=\"1.0\" encoding=\"utf-8\"?><QueueMessagesList><QueueMessage><MessageId>{new Guid(0, 0, 0, BitConverter.GetBytes(message.Id))}</MessageId>"
            + $"<InsertionTime>{now().UtcDateTime:R}</InsertionTime><ExpirationTime>{now().UtcDateTime.AddDays(7):R}</ExpirationTime>"
            + $"<PopReceipt>AgAAAA</PopReceipt><TimeNextVisible>{message.VisibleAt.UtcDateTime:R}</TimeNextVisible></QueueMessage></QueueMessagesList>"), "application/xml");
    }
}
