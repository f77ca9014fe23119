<?php
$server = getenv('SESSCTL_SERVER') ?: '';
header("X-Lab-Server: $server");
header('Content-Type: application/json');
header('Cache-Control: no-store');
$count = 0;
$known = isset($_COOKIE[session_name()]);
if ($known || ($_GET['create'] ?? '') !== 'false') {
    if (!session_start()) {
        // Neither the session nor a new one: its store is away.
        http_response_code(503);
        exit;
    }
    $count = ($_SESSION['count'] ?? 0) + 1;
    if (isset($_GET['wait'])) usleep(min(600000, (int) $_GET['wait']) * 1000);
    $_SESSION['count'] = $count;
}
$id = session_id() ?: null;
if ($id !== null && isset($_GET['invalidate'])) session_destroy();
echo json_encode([
    'server' => $server,
    'session' => $id,
    'count' => $count,
    'isNew' => $count === 1,
    'link' => $_SERVER['REQUEST_URI'],
    'client' => $_SERVER['REMOTE_ADDR'],
]);
