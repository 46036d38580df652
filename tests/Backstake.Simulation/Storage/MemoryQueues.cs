using System.Xml.Linq;
using Backstake.Simulation.Engine;

namespace Backstake.Simulation.Storage;

/// <summary>A message in a queue.</summary>
public sealed class QueuedMessage(long id, string queue, string text, DateTimeOffset putAt, DateTimeOffset visibleAt)
{
    public long Id { get; } = id;

    public string Queue { get; } = queue;

    /// <summary>As it was put: Base64 for the Functions host.</summary>
    public string Text { get; } = text;

    public DateTimeOffset PutAt { get; } = putAt;

    public DateTimeOffset VisibleAt { get; set; } = visibleAt;

    public int DequeueCount { get; set; }

    /// <summary>Changes at every get: only who got the message last may delete it.</summary>
    public int PopReceipt { get; set; }
}

/// <summary>Queue storage: put with a delay, get with a visibility timeout and a pop receipt, delete, count.</summary>
public sealed class MemoryQueues(Func<DateTimeOffset> now)
{
    readonly SortedDictionary<string, SortedDictionary<long, QueuedMessage>> queues = new(StringComparer.Ordinal);
    long lastId;

    /// <summary>Told of every message that was put.</summary>
    public Action<QueuedMessage>? Put { get; set; }

    public IEnumerable<QueuedMessage> All => queues.Values.SelectMany(messages => messages.Values);

    public QueuedMessage Add(string queue, string text, TimeSpan delay)
    {
        var message = new QueuedMessage(++lastId, queue, text, now(), now() + delay);
        if (!queues.TryGetValue(queue, out var messages))
            queues[queue] = messages = [];
        messages.Add(message.Id, message);
        return message;
    }

    /// <summary>As <see cref="Add"/>, and tells of it.</summary>
    public QueuedMessage Send(string queue, string text, TimeSpan delay)
    {
        var message = Add(queue, text, delay);
        Put?.Invoke(message);
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
                ("GET" or "HEAD", 1) when request.Query("comp") == "metadata" => Count(path[0]),
                ("POST", 2) => PutMessage(path[0], request),
                ("GET", 2) => GetMessages(path[0], request),
                ("DELETE", 3) => DeleteMessage(path[0], path[2], request.Query("popreceipt")!),
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
        Messages(queue);
        if (request.Body.Length > 64 * 1024)
            throw new StorageRefusal(413, "RequestBodyTooLarge", "The request body is too large and exceeds the maximum permissible limit.");
        var text = XDocument.Load(new MemoryStream(request.Body)).Root!.Element("MessageText")!.Value;
        return Listed(201, [Send(queue, text, Seconds(request, 0))], isTaken: false);
    }

    Answer GetMessages(string queue, StorageRequest request)
    {
        var visible = Messages(queue).Values.Where(message => message.VisibleAt <= now()).Take(request.Query("numofmessages") is { } most ? int.Parse(most) : 1).ToList();
        foreach (var message in visible)
            Take(message, Seconds(request, 30));
        return Listed(200, visible, isTaken: true);
    }

    Answer DeleteMessage(string queue, string id, string popReceipt) =>
        !Messages(queue).Values.Any(message => IdOf(message) == id) ? throw new StorageRefusal(404, "MessageNotFound", "The specified message does not exist.")
        : Messages(queue).Values.FirstOrDefault(message => IdOf(message) == id && ReceiptOf(message) == popReceipt) is { } held && Delete(held, held.PopReceipt) ? Engine.Answer.Empty(204)
        : throw new StorageRefusal(400, "PopReceiptMismatch", "The specified pop receipt did not match the pop receipt for a dequeued message.");

    Answer Count(string queue) => new(200, [], "application/xml", [("x-ms-approximate-messages-count", Messages(queue).Count.ToString())]);

    Answer Listed(int status, IReadOnlyList<QueuedMessage> listed, bool isTaken) => new(status, Encoding.UTF8.GetBytes(new XDocument(new XElement("QueueMessagesList", listed.Select(message => new XElement(
        "QueueMessage", new XElement("MessageId", IdOf(message)), new XElement("InsertionTime", $"{message.PutAt.UtcDateTime:R}"), new XElement("ExpirationTime", $"{message.PutAt.UtcDateTime.AddDays(7):R}"),
        new XElement("PopReceipt", ReceiptOf(message)), new XElement("TimeNextVisible", $"{message.VisibleAt.UtcDateTime:R}"),
        isTaken ? new XElement("DequeueCount", message.DequeueCount) : null, isTaken ? new XElement("MessageText", message.Text) : null)))).ToString()), "application/xml");

    SortedDictionary<long, QueuedMessage> Messages(string queue) =>
        queues.TryGetValue(queue, out var messages) ? messages : throw new StorageRefusal(404, "QueueNotFound", "The specified queue does not exist.");

    static string IdOf(QueuedMessage message) => new Guid(0, 0, 0, BitConverter.GetBytes(message.Id)).ToString();

    static string ReceiptOf(QueuedMessage message) => $"r{message.PopReceipt}";

    static TimeSpan Seconds(StorageRequest request, int usually) =>
        TimeSpan.FromSeconds(request.Query("visibilitytimeout") is { Length: > 0 } seconds ? int.Parse(seconds) : usually);
}
