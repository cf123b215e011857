from flask import Blueprint, Response

pages = Blueprint("pages", __name__)
def missing(path: str) -> Response:
    return Response("404", 404)
